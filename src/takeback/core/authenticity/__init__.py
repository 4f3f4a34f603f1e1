"""Is this mail really from the shop? `facts` is what was found, `decide` says what follows from it, and why."""
