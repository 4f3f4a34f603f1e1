"""What was measured? One row of the table: a figure, the limit it is held to, and a peer measured in the same run."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """`value`, `limit` and `peer_value` are in `unit`; a limit is the most for times and sizes, the least for rates."""

    what: str
    value: float
    unit: str
    peer: str
    peer_value: float | None
    limit: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times the peer's figure ours is."""
        return self.value / self.peer_value if self.peer_value else None

    @property
    def kept(self) -> bool | None:
        """Whether the limit was kept; None where there is none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.more_is_better else self.value <= self.limit

    def as_dict(self) -> dict[str, object]:
        """The row as data."""
        return {**asdict(self), "ratio": self.ratio, "kept": self.kept}


def typical(work: Callable[[], object], runs: int) -> float:
    """Median seconds of `runs` runs, after one that warms up."""
    work()
    return median(seconds(work) for _ in range(runs))


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    start = perf_counter()
    work()
    return perf_counter() - start
