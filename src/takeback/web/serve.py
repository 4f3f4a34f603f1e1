"""How is the web side served?

By granian in ASGI mode, one process: events are taken by coroutines, pages made in a pool of threads.
"""

import os
import resource
from collections.abc import Callable

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from takeback.bootstrap import House
from takeback.logs import logging_of

APPLICATION = "takeback.web.asgi:application"
IDLE = 20_000  # milliseconds for the headers of a request, the first or the next of a connection
OWN_FILES = 256  # what the process itself may have open: databases, logs, lines to services
BACKLOG = 4_096  # connections that wait to be looked at


def run(house: House, *, host: str = "127.0.0.1", port: int = 8000, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT. The process that serves reads the same settings (`TAKEBACK_CONFIG`) as this one.

    `SettingsError` for settings that cannot work comes before anything is served: `house` has been built of them.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeback.settings")
    house.configuration.make_data_dir()
    server = Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE),
        backlog=BACKLOG,
        backpressure=most_connections(),  # it counts connections, and one that is idle too
        log_access=False,  # an access log would hold the secret addresses of case pages
        log_level=LogLevels.warning,
        log_dictconfig=logging_of(house.configuration.logs, {}),
        websockets=False,
    )
    ready()
    server.serve()


def most_connections() -> int:
    """How many connections there may be at once: as many as files may be open, for which the limit is raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = 1 << 20 if hard == resource.RLIM_INFINITY else hard
    return max(most - OWN_FILES, OWN_FILES)
