"""Likeness: whose is a domain, and what of the shop does a text show?"""
