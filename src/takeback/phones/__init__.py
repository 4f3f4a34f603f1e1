"""How does a message reach a telephone? One module for each sender of text messages and calls."""
