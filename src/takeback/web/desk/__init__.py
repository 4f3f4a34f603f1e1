"""How does staff see and decide? The desk: behind a sign-in with two factors, one permission for each act."""
