"""How is the web side served?

By granian in WSGI mode, one process with a pool of threads (measured: its fastest way here).
"""

import os
from collections.abc import Callable

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from takeback.bootstrap import House

THREADS = 8
APPLICATION = "takeback.web.wsgi:application"


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
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backlog=1024,
        log_access=False,  # an access log would hold the secret addresses of case pages
        log_level=LogLevels.warning,
        websockets=False,
    )
    ready()
    server.serve()
