"""When did who act? Dots on lanes, as server-made SVG that needs neither script nor inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from takeback.core.case import Language
from takeback.core.events import Event
from takeback.core.investigate.findings import Actor, Findings
from takeback.web.zone import told
from takeback.words import say

WIDTH, LANE, LEFT, RIGHT, MOST = 360, 36, 58, 12, 240
LANES = (Actor.OWNER, Actor.INTRUDER, Actor.UNKNOWN)
BEFORE = timedelta(days=2)  # that the picture shows before the intruder came


@dataclass(frozen=True, slots=True)
class Dot:
    """One act: where on the picture, in pixels, and whose."""

    x: float
    y: int
    who: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything that one actor did: the lane's name and height, and how many acts it has."""

    who: str
    name: str
    y: int
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture: its size, lanes, dots, and the times at its ends; `text` says the same in words."""

    width: int
    height: int
    left: int
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    start: str
    end: str
    text: str


def timeline_of(events: Sequence[Event], findings: Findings, language: Language, zone: ZoneInfo) -> Timeline | None:
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
    whose = [findings.events[event.id].value for event in shown]
    lanes = tuple(
        Lane(actor.value, say(language, f"case.lane_{actor}"), 20 + place * LANE, whose.count(actor.value))
        for place, actor in enumerate(LANES)
    )
    heights = {lane.who: lane.y for lane in lanes}
    dots = dict.fromkeys(
        Dot(_x(event.time, start, end), heights[who], who) for event, who in zip(shown, whose, strict=True)
    )
    counts = {lane.who: lane.count for lane in lanes}
    first, last = told(language, start, zone), told(language, end, zone)
    text = say(language, "case.timeline_text", start=first, end=last, **counts)
    return Timeline(WIDTH, LANE * len(LANES) + 28, LEFT, lanes, tuple(dots), first, last, text)


def _x(at: datetime, start: datetime, end: datetime) -> int:
    span = (end - start).total_seconds() or 1.0
    return round(LEFT + 10 + (WIDTH - LEFT - 10 - RIGHT) * (at - start).total_seconds() / span)
