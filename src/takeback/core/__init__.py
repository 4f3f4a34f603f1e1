"""Core decides: pure functions over frozen data. No clock, no network, no disk, no chance, no framework."""
