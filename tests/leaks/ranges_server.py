"""What does the range service answer? The form of Pwned Passwords' ranges, with padding, on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.leaks.lists import sha1


class Ranges(ThreadingHTTPServer):
    """`asked` holds the path and headers of each request. `status` other than 200 is an error; `slow` never answers."""

    daemon_threads = True

    def __init__(self, leaked: tuple[str, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}/range"
        self.hashes = [sha1(password) for password in leaked]
        self.padding: list[str] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.status = 200
        self.slow = False
        self.drip = False
        self.released = threading.Event()

    def lines(self, prefix: str) -> list[str]:
        """The range, with what pads it."""
        found = [f"{one[5:]}:{number + 3}" for number, one in enumerate(self.hashes) if one.startswith(prefix)]
        return sorted([*found, *(f"{one[5:]}:0" for one in self.padding if one.startswith(prefix)), "0" * 35 + ":0"])


@contextmanager
def ranges(*leaked: str) -> Iterator[Ranges]:
    """A running one."""
    server = Ranges(leaked)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Ranges

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.server.slow:
            self.server.released.wait(5)
            self.close_connection = True
            return
        body = "\r\n".join(self.server.lines(self.path.rpartition("/")[2])).encode()
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(body) + (100 if self.server.drip else 0)))
        self.end_headers()
        self.wfile.write(body)
        while self.server.drip and not self.server.released.wait(0.1):
            self.wfile.write(b"\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Says nothing: a test's output is the test's."""
