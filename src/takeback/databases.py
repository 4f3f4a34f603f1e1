"""Which database has the cases, as Django has it? SQLite files in `data_dir`, or what `database_url` names."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from takeback.configuration import Configuration

_WAIT = 30  # seconds for another process's commit
_KEPT = 10 * 60  # seconds that a thread keeps its connection
_CONNECT = 10  # seconds
# Of a machine that lost its power the server hears nothing: after 25 s it ends its sessions, and with them their locks.
_SILENCE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"


def database_of(configuration: Configuration) -> dict[str, Any]:
    """The entry of Django's `DATABASES`."""
    if configuration.database_url is None:
        return {
            "ENGINE": "takeback.store.sqlite",
            "NAME": configuration.cases_path,
            "CONN_MAX_AGE": _KEPT,
            "OPTIONS": {
                "timeout": _WAIT,
                # A reader that turns writer would be refused at once, whatever the timeout.
                "transaction_mode": "IMMEDIATE",
                # NORMAL would not sync at commit: a case that was acknowledged could be lost with the power. For
                # transactions the engine sees to that itself, for many at once (`takeback.store.sqlite`).
                # What a connection remembers of the file is void as soon as another one writes: each keeps little.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-512;",
            },
        }
    parts = urlsplit(configuration.database_url)
    said = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": said.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": _KEPT,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": _CONNECT, "application_name": "takeback", "options": _SILENCE, **said},
    }
