"""How does Takeback reach a shop or another service? An adapter a module; each meets `casework.ports.Service`."""
