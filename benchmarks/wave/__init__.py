"""What happens when very many accounts are taken over in one night? Measured as `python -m benchmarks wave`."""
