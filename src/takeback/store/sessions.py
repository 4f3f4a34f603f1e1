"""Whose session is this? Django's own table of them, asked only for keys that Django could have made.

A cookie can hold any character, if it is quoted; PostgreSQL fails at a NUL, which would be an error page in place of
the sign-in. (`SESSION_ENGINE`)
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions


class SessionStore(DatabaseSessions):
    """Sessions in Django's table."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and len(key) >= 8 and key.isascii() and key.isalnum()
