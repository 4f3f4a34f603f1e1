"""What can be seen from outside? Events come in, pages go out."""
