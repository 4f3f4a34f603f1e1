"""Takeback undoes an account takeover: it knows who did what, and takes back exactly the intruder's part."""

__version__ = "0.1.0"
