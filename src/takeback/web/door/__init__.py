"""The door for events: `POST /v1/events`, taken without a framework."""
