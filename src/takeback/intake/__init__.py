"""Who listens to the customer? Her words, read in Japanese and English. They are weighed by `core.triage`."""
