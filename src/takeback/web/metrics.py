"""How does Prometheus see this process? Its measures, its health and its readiness, on an address of their own.

Never on the public one: how many cases there are is the shop's business. What the process counted itself comes from
`takeback.measures`; what the stores hold is counted when somebody asks, once a second at most.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from takeback import tracing
from takeback.bootstrap import House
from takeback.casework.starter import QUEUE_OF, Queue
from takeback.core.case import Stage
from takeback.measures import instruments, moved
from takeback.web.health import Readiness

if TYPE_CHECKING:
    from takeback.store.tally import Tally

log = logging.getLogger("takeback.metrics")

HOLDS = 1.0  # seconds
AT_ONCE = 8  # who asks beyond them is told to come again
SILENT = 10.0  # seconds after which a line that says nothing is let go
STUCK = 120.0  # seconds that something was due, and in which this worker ended nothing of that queue


class Stores(Collector):
    """What the stores hold, as gauges. `takeback_stores_reachable` is 0, and the others are missing, when they cannot
    be asked.
    """

    def __init__(self, here: House) -> None:
        self._here = here
        self._lock = Lock()
        self._until = 0.0
        self._known: Tally | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges."""
        known = self._look()
        yield _gauge("stores_reachable", "1 where the stores could be asked.", {"": float(known is not None)})
        if known is None:
            return
        cases = {stage.value: known.cases.get(stage.value, 0) for stage in Stage}
        yield _gauge("cases", "Cases by stage.", cases, "stage")
        yield _gauge("tasks_open", "Tasks that staff has open.", {"": known.tasks})
        every = {queue.value: known.of(queue.value) for queue in Queue}
        due = {name: one.due for name, one in every.items()}
        yield _gauge("queue_due", "Phases that are due and do not run yet.", due, "queue")
        running = {name: one.running for name, one in every.items()}
        yield _gauge("queue_running", "Phases that run.", running, "queue")
        later = {name: one.later for name, one in every.items()}
        yield _gauge("queue_later", "Phases that wait for a time to come.", later, "queue")
        oldest = {name: one.oldest for name, one in every.items()}
        yield _gauge("queue_oldest_seconds", "How long the oldest phase that is due has been.", oldest, "queue")

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked when this is registered."""
        return iter(())

    def _look(self) -> "Tally | None":
        from takeback.store.tally import tally  # its tables are known only once Django has been started

        with self._lock:
            if monotonic() >= self._until:
                try:
                    with self._here.released():
                        self._known = tally(self._here.configuration, self._here.clock.now().timestamp())
                except Exception as error:  # what this process counted itself is shown all the same
                    log.warning("the stores could not be counted: %s", type(error).__name__)
                    self._known = None
                self._until = monotonic() + HOLDS
            return self._known


def _gauge(name: str, says: str, values: Mapping[str, float], label: str = "") -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(f"takeback_{name}", says, labels=[label] if label else [])
    for of, value in values.items():
        gauge.add_metric([of] if label else [], value)
    return gauge


def stuck(here: House) -> str | None:
    """What a worker has left undone for too long while it ended nothing else of that queue; None where it moves."""
    from takeback.store.tally import queues  # as above

    waiting = queues(here.configuration, here.clock.now().timestamp())
    for queue in Queue:
        if queue.value not in waiting or waiting[queue.value].oldest < STUCK:
            continue
        ended = [ago for phase, of in QUEUE_OF.items() if of is queue and (ago := moved(phase)) is not None]
        if min(ended, default=STUCK) >= STUCK:
            return f"nothing of the queue {queue.value} was done for {STUCK:.0f} seconds"
    return None


class _Answers(BaseHTTPRequestHandler):
    """One line's requests: `/metrics`, `/healthz`, `/readyz`."""

    server: "_Listener"
    protocol_version = "HTTP/1.1"
    timeout = SILENT
    server_version, sys_version = "takeback", ""

    def do_GET(self) -> None:
        """Answer, unless too many ask at once."""
        if not self.server.places.acquire(blocking=False):
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, b"")
            return
        try:
            self._answer(self.path.partition("?")[0])
        finally:
            self.server.places.release()

    def _answer(self, path: str) -> None:
        if path == "/metrics":
            self._say(HTTPStatus.OK, generate_latest(self.server.shown), CONTENT_TYPE_LATEST)
        elif path == "/healthz":
            self._say(HTTPStatus.OK, b'{"status":"ok"}')
        elif path == "/readyz":
            said = self.server.readiness.trouble()
            answer = {"status": "ready"} if said is None else {"status": "not ready", "detail": said}
            status = HTTPStatus.OK if said is None else HTTPStatus.SERVICE_UNAVAILABLE
            self._say(status, msgspec.json.encode(answer))
        else:
            self._say(HTTPStatus.NOT_FOUND, b"")

    def _say(self, status: HTTPStatus, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: whoever asks does so every few seconds."""


class _Listener(ThreadingHTTPServer):
    """Where Prometheus comes to."""

    daemon_threads = True
    request_queue_size = 16

    def __init__(self, at: tuple[str, int], shown: CollectorRegistry, readiness: Readiness) -> None:
        self.shown, self.readiness, self.places = shown, readiness, BoundedSemaphore(AT_ONCE)
        super().__init__(at, _Answers)

    def handle_error(self, request: object, client_address: object) -> None:
        """A line that broke is no news."""


class Shown:
    """The address while it is served. `port` is the one that it has."""

    def __init__(self, here: House, host: str, port: int, *more: Callable[[], str | None]) -> None:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Counted())
        registry.register(Stores(here))
        ProcessCollector(registry=registry)
        self._server = _Listener((host, port), registry, Readiness(lambda: here, *more))
        self.port: int = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Counted(Collector):
    """What this process counted itself."""

    def collect(self) -> Iterator[Metric]:
        """The counters and histograms, as they are."""
        return iter(list(instruments().registry.collect()))


def show(here: House, port: int | None, *more: Callable[[], str | None]) -> Shown | None:
    """Show this process on `port` of `metrics.host`; None where there is no port, or it cannot be had, which is said
    in the log and keeps nobody from working.
    """
    if port is None:
        return None
    host = here.configuration.metrics.host
    try:
        return Shown(here, host, port, *more)
    except (OSError, OverflowError) as error:
        log.error("The measures cannot be shown on %s port %d: %s", host, port, getattr(error, "strerror", error))
        return None


def observe_serving(here: House) -> None:
    """Begin to show this web process, and to trace it, as the settings have it; for as long as it lives."""
    tracing.start(here.configuration.traces.endpoint, "serve")
    show(here, here.configuration.metrics.port)


@contextmanager
def showing_work(here: House) -> Iterator[None]:
    """While this lasts, this worker is shown on `metrics.work_port`, where that is set."""
    shown = show(here, here.configuration.metrics.work_port, lambda: stuck(here))
    try:
        yield
    finally:
        if shown is not None:
            shown.close()
