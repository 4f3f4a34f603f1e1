"""What did Takeback do, and where does it stand in the picture? Flags with names; those beyond the edges as a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.sheet import BOLD, LEFT, RIGHT, WIDTH, Scale, wide
from takeback.web.desk.case.stretch import Stretch


@dataclass(frozen=True, slots=True)
class OurAct:
    """What Takeback did, when; `key` is one of report, frozen, undone, proven, handed_back."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """An act of Takeback's: a line through the lanes, and its name in the lowest."""

    key: str
    x: float
    text: str
    label: str
    label_x: float
    y: int
    anchor: str


def flags_of(ours: Sequence[OurAct], scale: Scale, y: int, phrases: Phrases) -> list[Flag]:
    """Names of acts that lie close take turns in two rows; where both are full, the mark alone stays."""
    free = [float(LEFT), float(LEFT)]
    found = []
    for act in ours:
        x = scale.x(act.at)
        if not LEFT <= x <= WIDTH - RIGHT:
            continue
        name = f"{phrases.say(f'ours_{act.key}')} {phrases.time(act.at)[:5]}"
        width = wide(name) * BOLD + 8
        flips = x + 10 + width > WIDTH - 4
        begin = x - 10 - width if flips else x + 10
        row = next((one for one in (0, 1) if begin >= free[one]), None)
        if row is not None:
            free[row] = begin + width
        found.append(
            Flag(
                key=act.key,
                x=round(x, 1),
                text=f"{phrases.moment(act.at)} {phrases.say(f'ours_{act.key}')}",
                label=name if row is not None else "",
                label_x=round(x - 10 if flips else x + 10, 1),
                y=y + (42 if row else 18),
                anchor="end" if flips else "start",
            )
        )
    return found


def beyond(ours: Sequence[OurAct], here: Stretch, phrases: Phrases) -> tuple[str, str]:
    """The nearest acts of Takeback's that lie before and after what is shown, each as a line."""
    before = [act for act in ours if act.at < here.start][-2:]
    after = [act for act in ours if act.at > here.end][:2]

    def told(acts: Sequence[OurAct]) -> str:
        return ", ".join(f"{phrases.say(f'ours_{act.key}')} {phrases.moment(act.at)}" for act in acts)

    return f"← {told(before)}" if before else "", f"{told(after)} →" if after else ""
