"""How does a real browser reach the views of a test's own house? Over a small server in threads of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def served() -> Iterator[str]:
    """The address, on `localhost`: browsers have passkeys over http on that name alone."""
    django = get_wsgi_application()

    def application(environ, start_response):  # type: ignore[no-untyped-def]
        try:
            yield from django(environ, start_response)
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Silent)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
