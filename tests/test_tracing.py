"""Is a case one trace, wherever its phases run, and does a trace say nothing of a person?"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from http.server import BaseHTTPRequestHandler, HTTPServer
from inspect import signature
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from takeback import tracing
from takeback.casework.observed import OF_A_CASE, observed
from takeback.casework.phases import PHASES
from takeback.core.errors import OutsideError
from takeback.shops.http import HttpService
from tests.conftest import SHOP_SECRET


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    """Spans are kept here while the test runs."""
    exporter = InMemorySpanExporter()
    tracing.start(None, "work", exporter=exporter)
    yield exporter
    tracing.stop()


def spans(kept: InMemorySpanExporter) -> Sequence[ReadableSpan]:
    """All of them, in the order in which they began."""
    assert tracing._provider is not None
    tracing._provider.force_flush()
    return sorted(kept.get_finished_spans(), key=lambda span: span.start_time or 0)


def trace(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.trace_id)


def test_all_phases_of_a_case_are_one_trace_and_those_of_another_case_another(kept: InMemorySpanExporter) -> None:
    for phase, case in (("freeze", "c1"), ("undo", "c1"), ("freeze", "c2")):
        with observed(phase, case) as seen:
            seen.outcome = "done"
    first, second, other = spans(kept)
    assert trace(first) == trace(second) == tracing.trace_of("c1")
    assert trace(other) == tracing.trace_of("c2") != trace(first)
    assert dict(first.attributes or {}) == {
        "takeback.case": "c1",
        "takeback.phase": "freeze",
        "takeback.outcome": "done",
    }


def test_a_phase_is_of_a_case_where_its_first_argument_is_one() -> None:
    named = {name for name, phase in PHASES.items() if list(signature(phase).parameters)[1] == "case"}
    assert named == OF_A_CASE


def test_a_conversation_is_named_nowhere_because_its_name_opens_it(kept: InMemorySpanExporter) -> None:
    with observed("talk", "the-name-that-opens-it"):
        pass
    (span,) = spans(kept)
    assert "the-name-that-opens-it" not in str(span.to_json())


def test_a_call_to_a_shop_belongs_to_the_phase_also_in_a_thread_of_its_own(kept: InMemorySpanExporter) -> None:
    service = HttpService("/shops/oscar", "http://127.0.0.1:9/takeback", SHOP_SECRET)

    def ask() -> None:
        with pytest.raises(OutsideError):
            service.account("4711")

    with observed("freeze", "c1"):
        thread = Thread(target=copy_context().run, args=(ask,))
        thread.start()
        thread.join()
    service.close()
    phase, call = spans(kept)
    assert (call.name, trace(call)) == ("shop.account", tracing.trace_of("c1"))
    assert call.parent is not None
    assert phase.context is not None
    assert call.parent.span_id == phase.context.span_id
    assert dict(call.attributes or {}) == {"takeback.source": "/shops/oscar", "error.type": "OutsideError"}
    assert "4711" not in str(call.to_json())


def test_a_collector_gets_the_spans_as_otlp_has_them() -> None:
    got: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        tracing.start(f"http://127.0.0.1:{server.server_port}/v1/traces", "work")
        with tracing.span("phase", case="c1", phase="undo"):
            pass
        tracing.stop()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    (message,) = got
    (resource,) = ExportTraceServiceRequest.FromString(message).resource_spans
    (span,) = resource.scope_spans[0].spans
    assert (span.name, int.from_bytes(span.trace_id)) == ("phase", tracing.trace_of("c1"))
    named = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert named["service.name"] == "takeback-work"


def test_where_nothing_is_traced_nothing_of_it_is_loaded() -> None:
    code = (
        "import sys; from takeback import tracing; tracing.start(None, 'work')\n"
        "with tracing.span('phase', case='c1') as span: span.note('outcome', 'done')\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not [name for name in done.stdout.split() if name.startswith("opentelemetry")]
