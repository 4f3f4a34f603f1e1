"""How is it run? On all cores, a life at a time, with a bar while somebody waits."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from benchmarks.attributing import world
from benchmarks.attributing.baseline import Baseline
from benchmarks.attributing.judging import Outcome, read, tried
from benchmarks.attributing.strands import Strand, strands
from benchmarks.attributing.world import Trial

ACCOUNTS, TRAINING_ACCOUNTS = 4_000, 1_000
CHUNK = 8  # lives handed to a process at a time: few enough that the cores end together
AHEAD = 3  # chunks for each core that are made before they are needed
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Measured:
    """All outcomes of a run. `freeman_threshold` is what its training set."""

    silent: tuple[Outcome, ...]
    spoken: tuple[Outcome, ...]
    freeman: tuple[Outcome, ...]
    freeman_threshold: float


def measure(accounts: int = ACCOUNTS, module: str = world.OURS) -> Measured:
    """Both models over the same lives; the same arguments give the same outcomes."""
    training = min(TRAINING_ACCOUNTS, accounts)
    baseline = Baseline()
    baseline.train(each(learned, world.training(training, module), training, "the baseline learns"))
    silent, spoken, freeman = [], [], []
    for one in each(tried, world.measured_on(accounts, module), accounts, "investigating"):
        silent.append(one.silent)
        spoken.append(one.spoken)
        freeman.append(baseline.judge(one.strands, one.silent))
    return Measured(tuple(silent), tuple(spoken), tuple(freeman), baseline.threshold)


def learned(trial: Trial) -> tuple[Strand, ...]:
    """A training account's strands."""
    return tuple(strands(trial, read(trial)))


def each(work: Callable[[T], U], items: Iterable[T], many: int, title: str) -> Iterator[U]:
    """`work` of each item in the items' order, on all cores; `many` is how many the bar expects.

    Items are taken no faster than they are worked on, so that memory does not grow with their number; a process that
    dies ends the run (`BrokenProcessPool`).
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    cores, left = os.cpu_count() or 1, iter(items)
    # Processes that are started afresh: this one may have threads, which a fork would copy in the middle of their work.
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool, bar:
        task = bar.add_task(title, total=many)
        begun: deque[Future[list[U]]] = deque()
        while chunk := [*islice(left, CHUNK)]:
            begun.append(pool.submit(_all, work, chunk))
            if len(begun) > AHEAD * cores:
                yield from _done(begun.popleft(), bar, task)
        while begun:
            yield from _done(begun.popleft(), bar, task)


def _all(work: Callable[[T], U], chunk: Sequence[T]) -> list[U]:
    return [work(item) for item in chunk]


def _done(chunk: "Future[list[U]]", bar: Progress, task: TaskID) -> list[U]:
    found = chunk.result()
    bar.advance(task, len(found))
    return found
