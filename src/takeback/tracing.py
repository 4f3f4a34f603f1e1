"""Where does the time go? Spans for OpenTelemetry: a request at a door, a phase of a case, a call to a shop.

Off unless `traces.endpoint` is set, and then nothing of OpenTelemetry is loaded. All phases of a case, in whichever
process, are one trace, because its id is made of the case's. Spans name cases, sources, actions and outcomes; never an
account, an address or what an exception says.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from hashlib import sha256
from typing import TYPE_CHECKING

from takeback.core.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

_tracer: "Tracer | None" = None
_provider: "TracerProvider | None" = None
_case: ContextVar[str | None] = ContextVar("case", default=None)
SENT_WITHIN = 5.0  # seconds; a collector that is away delays nothing but itself
_QUEUE = 2048  # spans that wait to be sent; past it they are dropped


class Told:
    """A span, to be told more while it lasts."""

    def __init__(self, span: "Span | None" = None) -> None:
        self._span = span

    def note(self, name: str, value: str | int | bool) -> None:
        """Set an attribute."""
        if self._span is not None:
            self._span.set_attribute(f"takeback.{name}", value)


_OFF = nullcontext(Told())  # one for all: it holds nothing


def span(name: str, *, case: str | None = None, **attributes: str | int | bool) -> AbstractContextManager[Told]:
    """A span for the length of the block. With `case` it begins anew in the case's own trace; else it belongs to the
    span around it.
    """
    return _OFF if _tracer is None else _span(_tracer, name, case, attributes)


@contextmanager
def _span(tracer: "Tracer", name: str, case: str | None, attributes: dict[str, str | int | bool]) -> Iterator[Told]:
    from opentelemetry.context import Context
    from opentelemetry.trace import StatusCode

    token = _case.set(case)
    said = {f"takeback.{key}": value for key, value in attributes.items() if value != ""}
    if case is not None:
        said["takeback.case"] = case
    try:
        with tracer.start_as_current_span(
            name,
            context=None if case is None else Context(),
            attributes=said,
            record_exception=False,  # what an exception says may be about a person
            set_status_on_exception=False,
        ) as now:
            try:
                yield Told(now)
            except BaseException as error:
                now.set_attribute("error.type", type(error).__name__)
                now.set_status(StatusCode.ERROR)
                raise
    finally:
        _case.reset(token)


def trace_of(case: str) -> int:
    """The id of a case's trace: the first 16 bytes of the SHA-256 of its id."""
    return int.from_bytes(sha256(case.encode()).digest()[:16]) or 1  # nothing but zeros would be no id


def start(endpoint: str | None, process: str, *, exporter: "SpanExporter | None" = None) -> None:
    """Send spans to `endpoint` from now on, as this kind of process; to `exporter` where one is given. None: nothing.

    In a process that has begun already this does nothing. `SettingsError` where OpenTelemetry is not installed.
    """
    global _tracer, _provider
    if (endpoint is None and exporter is None) or _provider is not None:
        return
    try:
        _provider = _provider_of(process, exporter or _exporter(endpoint))
    except ImportError:
        raise SettingsError(
            "traces.endpoint is set, and OpenTelemetry is not installed: pip install takeback[traces]."
        ) from None
    from takeback import __version__

    _tracer = _provider.get_tracer("takeback", __version__)


def _exporter(endpoint: str | None) -> "SpanExporter":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=endpoint, timeout=SENT_WITHIN)


def _provider_of(process: str, exporter: "SpanExporter") -> "TracerProvider":
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    from takeback import __version__

    class CaseIds(RandomIdGenerator):
        """Chance, but for the trace of a case."""

        def generate_trace_id(self) -> int:
            case = _case.get()
            return super().generate_trace_id() if case is None else trace_of(case)

    resource = Resource.create({"service.name": f"takeback-{process}", "service.version": __version__})
    provider = TracerProvider(resource=resource, id_generator=CaseIds())
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=_QUEUE))
    return provider


def stop() -> None:
    """Send what waits, and send nothing any more."""
    global _tracer, _provider
    provider, _tracer, _provider = _provider, None, None
    if provider is not None:
        provider.shutdown()
