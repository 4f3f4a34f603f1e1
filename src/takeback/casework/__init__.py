"""Casework does: it carries a case through the stages, each act once, even after a crash."""
