"""What are the measures called, and into which buckets do they fall? docs/reference/metrics.md lists them for people.

The one place that knows prometheus_client, with `takeback.web.metrics`, which shows them.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, of when it was made: it doubles what is stored and tells nothing


class Instruments:
    """All of them, in a registry of our own: nothing that a library counts comes to light by accident."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.events = self._counter("events", "Events taken in.", "source", "outcome")
        self.refused = self._counter("ingest_refused", "Requests that the events' door refused.", "why")
        self.read_back = self._counter("read_back", "Actions looked at in the shop.", "source", "outcome")
        self.noticed = self._counter("noticed", "What scoring the events led to.", "what")
        self.waiting = Gauge(
            "takeback_events_waiting", "Events handed in and not committed yet.", registry=self.registry
        )
        self.lag = self._histogram(
            "ingest_lag_seconds",
            "From an event's own time to its arrival.",
            buckets=(0.1, 0.5, 1, 5, 30, 60, 300, 3600, 86400),
        )
        self.commit = self._histogram(
            "ingest_commit_seconds",
            "How long a commit of events took.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
        )
        self.phase = self._histogram(
            "phase_seconds",
            "How long a phase of a case ran.",
            "phase",
            "outcome",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300),
        )
        self.frozen = self._histogram(
            "frozen_seconds",
            "From the opening of a case to the account frozen, read back.",
            buckets=(0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600),
        )
        self.result = self._histogram(
            "result_seconds",
            "From the opening of a case to the result's letter.",
            buckets=(5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400, 259200),
        )

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"takeback_{name}", says, labels, registry=self.registry)

    def _histogram(self, name: str, says: str, *labels: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"takeback_{name}", says, labels, buckets=buckets, registry=self.registry)
