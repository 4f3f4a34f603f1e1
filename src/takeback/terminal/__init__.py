"""What does a person at a terminal see? The readable forms of the commands."""
