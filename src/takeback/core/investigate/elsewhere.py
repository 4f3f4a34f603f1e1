"""What was the same client in its other visits? A sum over a client's strands, less the one that is asked about.

A client is a device; where a shop knows no devices, a browser in a network. Where it came from counts once, what it did
adds up, and long use without a doubtful act speaks for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log2

from msgspec import Struct

from takeback.core.investigate.acts import RATES
from takeback.core.investigate.findings import INTRUDER, Reason
from takeback.core.investigate.judging import Judged, total
from takeback.core.investigate.reasons import Because

SHARED = 0.75  # of what speaks about one visit of a client, how much speaks about its others
USUAL_ACTS = 1.0  # what the acts of an ordinary visit weigh
QUIET = 0.6  # what a visit with less than that takes off, beside what one with more adds
ACTS_MOST, QUIET_MOST, FAR_MOST, HOME_MOST = 5.0, 1.5, 2.0, 4.0
STAYED, STAYED_MOST = -0.3, -0.8  # for each doubling of the month that it has been in use
MONTH, AT_LEAST, VISITS = timedelta(days=30), timedelta(days=14), 4
SLEPT = timedelta(days=120)  # longer than this, no intruder lies low
LOUD = 3.5  # the weight of acts from which on a visit is loud
DOUBTFUL = 2.5  # the weight of acts from which on a visit is doubtful
PROOFS = frozenset({Because.SIGN_IN_SECOND_FACTOR, Because.CREDENTIAL_KNOWN})


class Visit(Struct, frozen=True, gc=False):
    """What one strand tells of its client's others, as weights. `home` and `proof` are at most 0."""

    home: float
    far: float
    did: float
    proof: float
    said: float


_NOTHING = Visit(0.0, 0.0, USUAL_ACTS, 0.0, 0.0)


@dataclass(slots=True)
class Visits:
    """A client's visits, summed up; the two farthest and the two nearest home, so that one can be taken out."""

    counted: set[int] = field(default_factory=set)  # places
    did: float = 0.0
    loud: list[float] = field(default_factory=list)  # the two whose acts weigh most
    against: float = 0.0  # what the customer said against them
    for_her: float = 0.0
    his: set[int] = field(default_factory=set)
    far: list[float] = field(default_factory=list)
    home: list[float] = field(default_factory=list)
    proof: list[float] = field(default_factory=list)
    first: datetime | None = None
    undoubted: datetime | None = None  # the last visit before the first doubtful one
    before_doubt: int = 0
    doubted: bool = False

    def add(self, place: int, one: Judged, told: Visit) -> None:
        """Take in one visit; they come in order of time."""
        self.counted.add(place)
        self.did += _beyond_usual(told.did)
        if told.said > 0:
            self.against += told.said
        else:
            self.for_her += told.said
        if one.actor is INTRUDER:
            self.his.add(place)
        _keep_most(self.loud, told.did)
        _keep_most(self.far, told.far)
        _keep_least(self.home, told.home)
        _keep_least(self.proof, told.proof)
        self.doubted = self.doubted or told.did >= DOUBTFUL
        if not self.doubted:
            self.first = self.first or one.strand.start
            self.undoubted = one.strand.start
            self.before_doubt += 1


def _keep_most(two: list[float], weight: float) -> None:
    """Keep the two greatest, the greatest first."""
    if len(two) < 2 or weight > two[1]:
        two.append(weight)
        two.sort(reverse=True)
        del two[2:]


def _keep_least(two: list[float], weight: float) -> None:
    """Keep the two least, the least first."""
    if len(two) < 2 or weight < two[1]:
        two.append(weight)
        two.sort()
        del two[2:]


def visit(one: Judged) -> Visit:
    """What a strand tells of its client's other strands."""
    fit, did, proof = one.fit, 0.0, 0.0
    if not one.ordinary:  # else its circumstances are all there is
        for reason in one.own:
            if reason.key in RATES:
                did += reason.weight
            elif reason.key in PROOFS:
                proof += reason.weight
    far = fit.far if fit.far is not None and fit.far > 0 else 0.0
    return Visit(fit.home, far, did, proof, total(one.said) if one.said else 0.0)


def elsewhere(place: int, one: Judged, visits: Visits) -> Iterator[Reason]:
    """The reasons in the client's other visits."""
    ours, first = visit(one) if place in visits.counted else _NOTHING, (one.strand.first.id,)
    if len(visits.counted) - (place in visits.counted) < 1:
        return
    did = visits.did - _beyond_usual(ours.did)
    loudest = _other(visits.loud, ours.did) if len(visits.loud) > 1 else 0.0
    if max(loudest, ours.did) >= LOUD and _may_be_a_strangers(one, visits):
        did = max(did, loudest - USUAL_ACTS, 0.0)  # however often he lay low, he was loud once
    odd = max(0.0, min(ACTS_MOST, did)) + visits.against - max(0.0, ours.said)
    hers = max(-QUIET_MOST, min(0.0, did)) + _other(visits.proof, ours.proof)
    hers += visits.for_her - min(0.0, ours.said)
    if not isinstance(one.fit.client, tuple):  # else the network is what makes them one client, and tells nothing more
        odd += min(FAR_MOST, max(0.0, _other(visits.far, ours.far) - ours.far))
        hers += max(-HOME_MOST, min(0.0, _other(visits.home, ours.home) - ours.home))
    if odd > 0.3:
        key = Because.DEVICE_OF_INTRUDER if visits.his - {place} else Because.DEVICE_ODD_ELSEWHERE
        yield Reason(key, SHARED * odd, first)
    if hers < -0.3:
        yield Reason(Because.DEVICE_AT_HOME_ELSEWHERE, SHARED * hers, first)
    if (stayed := _stayed(visits)) < 0:
        yield Reason(Because.DEVICE_STAYED, stayed, first)


def _beyond_usual(did: float) -> float:
    """What a visit's acts add to those of others. One loud visit is not outweighed by a few in which he lay low."""
    beyond = did - USUAL_ACTS
    return beyond if beyond > 0 else QUIET * beyond


def _may_be_a_strangers(one: Judged, visits: Visits) -> bool:
    """A device that is not hers; where none is told, a client that was new to her and not in use for long."""
    if not isinstance(one.fit.client, tuple):
        return True
    stood = visits.undoubted - visits.first if visits.first and visits.undoubted else timedelta(0)
    return stood < SLEPT and one.fit.far is not None


def _other(best: Sequence[float], ours: float) -> float:
    """The best of the others, given the best two of all."""
    return best[1] if best[0] == ours else best[0]


def _stayed(visits: Visits) -> float:
    """How much it speaks for a client that it has been in use for long before its first doubtful visit."""
    if visits.before_doubt < VISITS or visits.first is None or visits.undoubted is None:
        return 0.0
    stood = visits.undoubted - visits.first
    return max(STAYED_MOST, STAYED * log2(1 + stood / MONTH)) if stood > AT_LEAST else 0.0
