"""How fast and how small is it? Measurements beside their limits and beside the least that the same work could take."""
