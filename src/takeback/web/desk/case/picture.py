"""Who did what, when, at one look? The lanes of owner, unknown and intruder, and Takeback's own, as shapes with places.

What falls together is one mark with a count, so however many events there are, the marks are bounded. Every kind has a
shape of its own and every lane its name, so that nothing hangs on a colour. Numbers are pixels of the view box.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from takeback.core.events import Event
from takeback.core.investigate.findings import Actor, Findings, Window
from takeback.web.desk.case.axis import Tick
from takeback.web.desk.case.marks import Mark, marks_of
from takeback.web.desk.case.ours import Flag, OurAct, beyond, flags_of
from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.sheet import LEFT, RIGHT, TOP, WIDTH, Band, Scale
from takeback.web.desk.case.stretch import Stretch

LANE, THIN, OURS, GAP = 88, 30, 58, 6
BARS, BAR = 180, 22  # of the strip below
_TIME = attrgetter("time")


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane's place; `count` of acts in it here; `visits`: where somebody was in, as (x, width)."""

    who: str
    y: int
    height: int
    count: int
    visits: tuple[tuple[float, float], ...] = ()

    @property
    def middle(self) -> int:
        """Where its name stands."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole time below: bars a lane as a path, and the part that is shown above."""

    paths: tuple[tuple[str, str], ...]
    x: float
    width: float
    y: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws."""

    width: int
    height: int
    bottom: int
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    flags: tuple[Flag, ...]
    beyond: tuple[str, str]
    window: Band | None
    hold: Band | None
    now: float | None
    ticks: tuple[tuple[float, Tick], ...]
    strip: Strip

    @property
    def left(self) -> int:
        """Where time begins."""
        return LEFT

    @property
    def right(self) -> int:
        """Where it ends."""
        return WIDTH - RIGHT

    @property
    def plot(self) -> int:
        """How wide it is."""
        return WIDTH - RIGHT - LEFT

    @property
    def window_anchor(self) -> str:
        """Which end of the window's words stands at `window_at`."""
        return "end" if self.window is not None and self.window.x + self.window.width / 2 > WIDTH * 0.7 else "start"

    @property
    def window_at(self) -> float:
        """Where the window's words stand."""
        if self.window is None:
            return 0.0
        return self.window.x + (self.window.width if self.window_anchor == "end" else 0)


def draw(
    events: Sequence[Event],
    findings: Findings,
    here: Stretch,
    whole: Stretch,
    ours: Sequence[OurAct],
    hold: Stretch | None,
    axis: Iterable[Tick],
    phrases: Phrases,
) -> Picture:
    """The picture of `here`, a part of `whole`. `events` are in order of time."""
    scale = Scale(here)
    shown = events[bisect_left(events, here.start, key=_TIME) : bisect_right(events, here.end, key=_TIME)]
    of = _by_actor(shown, findings)
    lanes, bottom = _lanes(findings, here, scale, of)
    marks = [mark for lane in lanes for mark in marks_of(lane.who, lane.y, of[Actor(lane.who)], scale, here, phrases)]
    y = bottom + GAP
    return Picture(
        width=WIDTH,
        height=y + OURS + 76,
        bottom=bottom,
        lanes=(*lanes, Lane("ours", y, OURS, 0)),
        marks=tuple(marks),
        flags=tuple(flags_of(ours, scale, y, phrases)),
        beyond=beyond(ours, here, phrases),
        window=_window(findings.window, whole, scale, phrases),
        hold=scale.band(hold.start, hold.end, phrases.until(hold.start, hold.end)) if hold else None,
        now=round(scale.x(phrases.now), 1) if here.start <= phrases.now <= here.end else None,
        ticks=tuple((round(scale.x(tick.at), 1), tick) for tick in axis),
        strip=_strip(events, findings, here, whole, y + OURS + 26, phrases),
    )


def _by_actor(shown: Iterable[Event], findings: Findings) -> dict[Actor, list[Event]]:
    """What customers did, by who it was."""
    found: dict[Actor, list[Event]] = {actor: [] for actor in Actor}
    actors = findings.events
    for event in shown:
        actor = actors.get(event.id)
        if actor is not None and event.by_customer:
            found[actor].append(event)
    return found


def _lanes(findings: Findings, here: Stretch, scale: Scale, of: dict[Actor, list[Event]]) -> tuple[list[Lane], int]:
    """Owner above, unknown between, intruder below; a lane with nothing in it is thin."""
    found, y = [], TOP
    for actor in (Actor.OWNER, Actor.UNKNOWN, Actor.INTRUDER):
        height = LANE if of[actor] else THIN
        visits = _joined(
            (scale.x(one.start), scale.x(one.end))
            for one in findings.sessions
            if one.actor is actor and one.end >= here.start and one.start <= here.end
        )
        found.append(Lane(actor.value, y, height, len(of[actor]), visits))
        y += height + GAP
    return found, y - GAP


def _joined(visits: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Visits that touch on the picture are one; each is wide enough to be seen."""
    found: list[tuple[float, float]] = []
    for first, last in sorted(visits):
        start, end = max(first - 9, LEFT), min(last + 9, WIDTH - RIGHT + 9)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple((round(start, 1), round(end - start, 1)) for start, end in found)


def _window(window: Window | None, whole: Stretch, scale: Scale, phrases: Phrases) -> Band | None:
    if window is None:
        return None
    end = window.end or min(phrases.now, whole.end)
    until = phrases.until(window.start, end) if window.end else phrases.say("window_open")
    return scale.band(window.start, end, phrases.say("window_label", when=until))


def _strip(
    events: Sequence[Event], findings: Findings, here: Stretch, whole: Stretch, y: int, phrases: Phrases
) -> Strip:
    """Bars for the whole time: the owner's upwards, the others' over them in their own lines."""
    span = whole.span.total_seconds() or 1.0
    begin = whole.start.timestamp()
    counts: dict[Actor, Counter[int]] = {actor: Counter() for actor in Actor}
    actors = findings.events
    for event in events:
        actor = actors.get(event.id)
        if actor is not None:
            counts[actor][int((event.time.timestamp() - begin) / span * BARS)] += 1
    most = max((max(one.values(), default=0) for one in counts.values()), default=0) or 1
    step = (WIDTH - LEFT - RIGHT) / BARS
    paths = []
    for place, actor in enumerate((Actor.OWNER, Actor.UNKNOWN, Actor.INTRUDER)):
        least = 3 if actor is Actor.OWNER else 14  # a few acts of his must be seen beside years of hers
        moves = [
            f"M{LEFT + (bucket + 0.2 + 0.28 * place) * step:.1f} {y + BAR}"
            f"v-{max(BAR * (count / most) ** 0.5, least):.1f}"
            for bucket, count in sorted(counts[actor].items())
        ]
        if moves:
            paths.append((actor.value, "".join(moves)))
    scale = Scale(whole)
    x, end = max(scale.x(here.start), LEFT), min(scale.x(here.end), WIDTH - RIGHT)
    width = max(end - x, 4)
    return Strip(
        tuple(paths),
        round(min(x, WIDTH - RIGHT - width), 1),
        round(width, 1),
        y,
        phrases.day(whole.start),
        phrases.day(whole.end),
    )
