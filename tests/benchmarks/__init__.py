"""Tests of the measurements: a benchmark that counts wrongly is worse than none."""
