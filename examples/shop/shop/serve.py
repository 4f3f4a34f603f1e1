"""`manage.py serve`: one granian process, several threads, Oscar's own static files beside it."""

import os
import sys
from pathlib import Path

from shop.places import place_of


def command(port: int, threads: int = 4) -> list[str]:
    """The command line that serves the shop on 127.0.0.1; run it in the folder of manage.py."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning",
        "--static-path-route", "/static", "--static-path-mount", str(place_of("oscar") / "static"),
        "shop.wsgi:application",
    ]  # fmt: skip


def serve(arguments: list[str]) -> None:
    """Becomes the server. The only argument is the port, 8000 unless given."""
    port = int(arguments[0]) if arguments else 8000
    os.chdir(Path(__file__).resolve().parents[1])
    line = command(port)
    os.execv(line[0], line)  # noqa: S606 - our own command line, without a shell
