"""Owner, intruder or unknown? The sum of one strand's reasons, and what it comes to.

The sum is in log-odds (I. J. Good's weight of evidence): it starts at the odds that any strand is an intruder's, and
each reason adds its weight.
"""

from collections.abc import Sequence
from math import exp

from msgspec import Struct

from takeback.core.investigate.acts import Acts
from takeback.core.investigate.findings import INTRUDER, OWNER, UNKNOWN, Actor, Reason, Reasons
from takeback.core.investigate.fit import UNJUDGED, Fit
from takeback.core.investigate.reasons import Because
from takeback.core.investigate.strands import Strand

PRIOR = -4.5  # about 1 in 100 strands before anything is known of them: the account is being asked about, after all
INTRUDER_FROM = 0.80
OWNER_UP_TO = 0.05  # what is less surely hers is asked about, and teaches nothing
NEWCOMER = frozenset({Because.DEVICE_NEVER_SEEN, Because.DEVICE_COPIED})
VOUCHES = frozenset(
    {
        Because.CREDENTIAL_KNOWN,
        Because.SIGN_IN_SECOND_FACTOR,
        Because.ORDERED_TO_KNOWN_ADDRESS,
        Because.SAID_MINE,
    }
)
AT_HOME = frozenset({Because.NETWORK_KNOWN, Because.DEVICE_AT_HOME_ELSEWHERE})
ENOUGH_AT_HOME = -2.0  # an address of a pool that came up before is no home, and some quiet visits are none


class Judged(Struct, eq=False, gc=False):
    """A strand with what is known of it: its acts, its own reasons, and the reasons that tie it to others."""

    strand: Strand
    events: tuple[str, ...]  # the ids of all of it
    acts: Acts
    fit: Fit = UNJUDGED
    _own: list[Reason] | None = None
    ties: tuple[Reason, ...] = ()
    said: tuple[Reason, ...] = ()
    spoken: bool | None = None  # what the customer said of the whole strand
    probability: float = 0.0
    actor: Actor = OWNER
    ordinary: bool = False  # one of the owner's ordinary visits, of which no more need be asked

    @property
    def own(self) -> list[Reason]:
        """The strand's own reasons, in its circumstances and its acts."""
        if self._own is None:
            self._own = list(self.fit.reasons(self.strand.first.id))
        return self._own

    def judge_anew(self, fit: Fit) -> None:
        """Forget the reasons for those that lie in its circumstances."""
        self.fit, self._own = fit, None

    @property
    def alone(self) -> bool:
        """True while nothing but its own reasons speaks about it."""
        return not self.ties and not self.said and self.spoken is None

    @property
    def reasons(self) -> Reasons:
        """All of them, the weightiest first."""
        if self.ordinary and not self.ties and not self.said:
            return self.fit.reasons(self.strand.first.id)
        return tuple(sorted([*self.own, *self.ties, *self.said], key=_strength, reverse=True))

    def settle(self) -> None:
        """Set probability and actor from the reasons."""
        weight = total(self.own)
        if self.ties:
            weight += total(self.ties)
        if self.said:
            if self.spoken is not True and probability(weight) >= INTRUDER_FROM:
                # that one order was hers does not make the whole strand hers: the order alone is a question
                self.said = tuple(reason for reason in self.said if reason.key != Because.SAID_MINE)
            weight += total(self.said)
        self.probability = probability(weight)
        self.actor = actor_of(self.probability)
        if self.spoken is not None and self.actor is (INTRUDER if self.spoken else OWNER):
            self.actor = UNKNOWN  # word against evidence: a question, never an act


def _strength(reason: Reason) -> float:
    return abs(reason.weight)


def teaches(one: Judged) -> bool:
    """May her habits be learned from this strand? Only where it is surely hers, and where something vouches for what
    is new in it: a stranger who lies low for weeks must not become a habit.
    """
    if one.probability > OWNER_UP_TO or not one.strand.events:
        return False
    newcomer = False
    for reason in one.own:
        if vouches(reason.key, reason.weight):
            return True
        newcomer = newcomer or reason.key in NEWCOMER
    return not newcomer or any(vouches(reason.key, reason.weight) for reason in (*one.ties, *one.said))


def vouches(key: str, weight: float) -> bool:
    """Does this reason show that what is new in a strand is the owner's own?"""
    return key in VOUCHES or (key in AT_HOME and weight <= ENOUGH_AT_HOME)


def probability(weight: float) -> float:
    """The probability that a strand is an intruder's, from the sum of its reasons."""
    odds = PRIOR + weight
    return 1 / (1 + exp(-odds)) if odds > -700 else 0.0


def actor_of(chance: float) -> Actor:
    """What a probability comes to. To take from the owner is worse than to ask her, so the two bounds differ."""
    if chance >= INTRUDER_FROM:
        return INTRUDER
    return OWNER if chance <= OWNER_UP_TO else UNKNOWN


def total(reasons: Sequence[Reason]) -> float:
    """The weight of some reasons together."""
    weight = 0.0
    for reason in reasons:
        weight += reason.weight
    return weight
