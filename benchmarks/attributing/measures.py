"""What is counted? Each measure of the table as a function of the outcomes, its definition in its docstring.

A measure over nothing (no such strand, no such account) is NaN, never a flattering number.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from math import floor, inf, nan, nextafter

from benchmarks.attributing.judging import Judged, Outcome
from takeback.core.investigate.findings import Actor

FALSE_ALARMS = 0.01


def share(of: Iterable[bool]) -> float:
    """How many are true, out of all; NaN out of none."""
    counted = list(of)
    return sum(counted) / len(counted) if counted else nan


def owners(outcomes: Iterable[Outcome]) -> list[Judged]:
    """Every strand that was truly an owner's, of all accounts."""
    return [one for outcome in outcomes for one in outcome.judged if not one.intruders]


def intruders(outcomes: Iterable[Outcome]) -> list[Judged]:
    """Every strand that was truly an intruder's, of all accounts."""
    return [one for outcome in outcomes for one in outcome.judged if one.intruders]


def auc(outcomes: Sequence[Outcome]) -> float:
    """Session AUC: how probable it is that a random intruder's strand scores above a random owner's; a tie is half
    (Mann-Whitney).
    """
    below = sorted(one.score for one in owners(outcomes))
    above = [one.score for one in intruders(outcomes)]
    if not below or not above:
        return nan
    won = sum(bisect_left(below, score) + bisect_right(below, score) for score in above)
    return won / (2 * len(below) * len(above))


def threshold(scores: Iterable[float], alarms: float = FALSE_ALARMS) -> float:
    """The lowest threshold that at most that share of the scores reaches or exceeds. Ties fall on the safe side: if
    more than that share has one score, it lies above it.
    """
    falling = sorted(scores, reverse=True)
    allowed = floor(alarms * len(falling))
    return nextafter(falling[allowed], inf) if allowed < len(falling) else inf


def recall(outcomes: Sequence[Outcome], limit: float | None = None, kind: str | None = None) -> float:
    """Recall at 1 % false alarms: the share of truly intruders' strands that score at or above the threshold, which is
    set where 1 % of these outcomes' owner strands reach it; or is `limit`. With `kind`, of the accounts of that kind.
    """
    if limit is None:
        limit = threshold(one.score for one in owners(outcomes))
    chosen = (outcome for outcome in outcomes if kind is None or outcome.kind == kind)
    return share(one.score >= limit for one in intruders(chosen))


def false_alarms(outcomes: Iterable[Outcome], limit: float) -> float:
    """The share of owner strands that reach the threshold: for a threshold that was set on other accounts."""
    return share(one.score >= limit for one in owners(outcomes))


CALLED = frozenset({Actor.INTRUDER})
RAISED = frozenset({Actor.INTRUDER, Actor.UNKNOWN})


def found(outcomes: Iterable[Outcome], kind: str | None = None, *, by: Collection[Actor] = RAISED) -> float:
    """Takeovers found: the share of attacked accounts in which at least one strand that truly is an intruder's is
    called the intruder's or asked about. With `by=CALLED`, called the intruder's outright.
    """
    return share(
        any(one.intruders and one.verdict in by for one in outcome.judged)
        for outcome in outcomes
        if outcome.attacked and kind in (None, outcome.kind)
    )


def disturbed(outcomes: Iterable[Outcome], kind: str | None = None, *, by: Collection[Actor] = CALLED) -> float:
    """Hard negatives disturbed: the share of hard-negative accounts in which an owner's strand of the episode is called
    the intruder's, so that the owner is stopped. With `by=RAISED`, stopped or asked.
    """
    return share(
        any(one.of_episode and not one.intruders and one.verdict in by for one in outcome.judged)
        for outcome in outcomes
        if outcome.hard_negative and kind in (None, outcome.kind)
    )


def ordinary_disturbed(outcomes: Iterable[Outcome], *, by: Collection[Actor] = CALLED) -> float:
    """The same for accounts that are neither attacked nor hard negatives, over all strands."""
    return share(
        any(not one.intruders and one.verdict in by for one in outcome.judged)
        for outcome in outcomes
        if not outcome.attacked and not outcome.hard_negative
    )


def owners_called(outcomes: Iterable[Outcome], actor: Actor) -> float:
    """The share of all owner strands, over all accounts, that are called `actor`."""
    return share(one.verdict is actor for one in owners(outcomes))


def intruders_called(outcomes: Iterable[Outcome], actor: Actor) -> float:
    """The share of all intruders' strands that are called `actor`."""
    return share(one.verdict is actor for one in intruders(outcomes))


def events_missed(outcomes: Iterable[Outcome]) -> float:
    """Intruder events missed: the share of the events that truly are an intruder's that are called the owner's."""
    strands = intruders(outcomes)
    many = sum(one.events for one in strands)
    return sum(one.owners_events for one in strands) / many if many else nan


def kinds(outcomes: Iterable[Outcome], *, attacked: bool) -> list[str]:
    """The kinds of intruders, or of hard negatives, in order of their names."""
    return sorted({o.kind for o in outcomes if (o.attacked if attacked else o.hard_negative)})
