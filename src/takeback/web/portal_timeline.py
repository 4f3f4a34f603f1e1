"""When did who act? Dots on lanes, as server-made SVG that needs neither script nor inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from takeback.core.events import Event
from takeback.core.investigate.findings import Actor, Findings

WIDTH, LANE, LEFT, MOST = 600, 36, 10, 400
LANES = (Actor.OWNER, Actor.INTRUDER, Actor.UNKNOWN)
BEFORE = timedelta(days=2)  # that the picture shows before the intruder came


@dataclass(frozen=True, slots=True)
class Dot:
    """One act: where on the picture, in pixels, and whose."""

    x: float
    y: int
    who: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture: its size, its lanes (name and height of the line), its dots."""

    width: int
    height: int
    lanes: tuple[tuple[str, int], ...]
    dots: tuple[Dot, ...]


def timeline_of(events: Sequence[Event], findings: Findings) -> Timeline | None:
    """The last days of the account, from shortly before the intruder came; None when nothing happened."""
    since = findings.window.start - BEFORE if findings.window else None
    shown = [
        event
        for event in events
        if event.by_customer and event.id in findings.events and (since is None or event.time >= since)
    ][-MOST:]
    if not shown:
        return None
    start, end = shown[0].time, shown[-1].time
    lanes = tuple((actor.value, 24 + place * LANE) for place, actor in enumerate(LANES))
    heights = dict(lanes)
    dots = tuple(
        Dot(_x(event.time, start, end), heights[findings.events[event.id].value], findings.events[event.id].value)
        for event in shown
    )
    return Timeline(WIDTH, LANE * len(LANES) + 12, lanes, dots)


def _x(at: datetime, start: datetime, end: datetime) -> float:
    span = (end - start).total_seconds() or 1.0
    return round(LEFT + (WIDTH - 2 * LEFT) * (at - start).total_seconds() / span, 1)
