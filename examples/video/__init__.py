"""Which other service holds a part of the customer's account? Here: the one where she was watching a film.

A small Flask application with its own sign-ins, its own SQLite file and its own sessions. It knows nothing of the shop
but the common customer number, and nothing of Takeback but the contract: events go out (`outbox`), actions come in
(`takeback_api`).
"""
