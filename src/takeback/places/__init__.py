"""Where is an address, and in whose network? Told from files that the operator supplies; none is shipped."""
