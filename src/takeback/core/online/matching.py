"""Which rule does an event complete? How far each rule is in an account is a few times in its profile; how many
accounts have something in common is counted in the process, and forgotten when it ends.

For each step of a rule it is remembered when the latest chain up to it began; so no chain is missed, and nothing grows
with the number of events.
"""

from collections.abc import Iterable

from msgspec import Struct

from takeback.core.investigate.traits import Traits
from takeback.core.online.acts import Act
from takeback.core.online.clients import NEW_COUNTRY, NEW_DEVICE, NEW_NETWORK
from takeback.core.online.profile import Profile, Visit
from takeback.core.online.rules import MOST_RULES, By, New, Step, StreamRule
from takeback.core.online.scoring import NEW_ADDRESS, NEW_CARD, Noticed
from takeback.core.online.visits import LATE

MOST_VALUES = 10_000  # devices, say, that are counted for one rule; the one that was quiet longest gives way
_BITS = {
    New.DEVICE: NEW_DEVICE,
    New.NETWORK: NEW_NETWORK,
    New.COUNTRY: NEW_COUNTRY,
    New.ADDRESS: NEW_ADDRESS,
    New.CARD: NEW_CARD,
}


class Fired(Struct, frozen=True):
    """A rule that was completed, and the accounts that it now speaks of for the first time."""

    rule: StreamRule
    accounts: tuple[str, ...]


class _Place(Struct, frozen=True, gc=False):
    """A step as it is compared."""

    number: int
    act: Act
    new: int
    over: float
    currency: str

    def meets(self, noticed: Noticed) -> bool:
        """Is this event the step?"""
        if noticed.new & self.new != self.new:
            return False
        return self.over < 0 or (noticed.worth > self.over and noticed.currency == self.currency)


class _Crowd(Struct):
    """The accounts that showed one value: when each did, and those that were spoken of."""

    seen: dict[str, int] = {}
    told: set[str] = set()


class _Watched(Struct, eq=False):
    """A rule with its steps, the last first, and what was counted for it."""

    rule: StreamRule
    places: tuple[_Place, ...]
    crowds: dict[str, _Crowd] = {}


class Matcher:
    """Rules that are switched on, and what was counted across accounts since this was made."""

    def __init__(self, rules: Iterable[StreamRule]) -> None:
        self._watched = [_Watched(rule, _places(rule)) for rule in rules]
        self._names = frozenset(one.rule.name for one in self._watched)
        self._of: dict[tuple[Act, ...], tuple[tuple[_Watched, tuple[_Place, ...]], ...]] = {}

    def completed(self, account: str, profile: Profile, noticed: Noticed, *, past: bool = False) -> tuple[Fired, ...]:
        """The rules that this event of the account completes. What came in late completes none. `past`: it was weighed
        before, and is looked at again for the profile alone; it counts in no crowd.
        """
        about = self._met(noticed)
        if not about or noticed.at < profile.newest - LATE:
            return ()
        fired = []
        for watched, places in about:
            rule = watched.rule
            if rule.by is not None:
                accounts = () if past else self._counted(watched, places[0], account, noticed)
            else:
                step = _in_any_order if rule.any_order else _in_order
                accounts = (account,) if step(rule, places, self._starts(profile, watched), noticed) else ()
            if accounts:
                fired.append(Fired(rule, accounts))
        return tuple(fired)

    def gathered(self, account: str, noticed: Noticed) -> tuple[Fired, ...]:
        """Those of the rules over many accounts that this event completes."""
        about = [(one, places[0]) for one, places in self._met(noticed) if one.rule.by is not None]
        found = ((one.rule, self._counted(one, place, account, noticed)) for one, place in about)
        return tuple(Fired(rule, accounts) for rule, accounts in found if accounts)

    def may_gather(self, noticed: Noticed) -> bool:
        """Is this event one that a rule over many accounts counts?"""
        return any(one.rule.by is not None and places[0].meets(noticed) for one, places in self._met(noticed))

    def _met(self, noticed: Noticed) -> tuple[tuple[_Watched, tuple[_Place, ...]], ...]:
        """The rules that speak of an event's acts."""
        acts = noticed.acts
        if not acts:
            return ()
        about = self._of.get(acts)
        if about is None:
            about = self._of[acts] = self._about(acts)
        return about

    def _counted(self, watched: _Watched, place: _Place, account: str, noticed: Noticed) -> tuple[str, ...]:
        value = _value(watched.rule.by, noticed.visit) if noticed.visit is not None and place.meets(noticed) else None
        return () if value is None else _gathered(watched, value, account, noticed.at)

    def _about(self, acts: tuple[Act, ...]) -> tuple[tuple[_Watched, tuple[_Place, ...]], ...]:
        found = ((one, tuple(place for place in one.places if place.act in acts)) for one in self._watched)
        return tuple((one, places) for one, places in found if places)

    def _starts(self, profile: Profile, watched: _Watched) -> list[int]:
        """How far the rule is in an account: for each step a time, 0 for none."""
        starts = profile.chains.get(watched.rule.name)
        if starts is None or len(starts) != len(watched.places):  # or it was written anew since
            if len(profile.chains) >= MOST_RULES:
                profile.chains = {name: kept for name, kept in profile.chains.items() if name in self._names}
            starts = profile.chains[watched.rule.name] = [0] * len(watched.places)
        return starts


def _places(rule: StreamRule) -> tuple[_Place, ...]:
    steps = [step for step in rule.steps for _ in range(step.times)]
    return tuple(reversed([_place(number, step) for number, step in enumerate(steps)]))


def _place(number: int, step: Step) -> _Place:
    new = 0
    for one in step.new:
        new |= _BITS[one]
    return _Place(number, step.act, new, -1.0 if step.over is None else float(step.over), step.currency)


def _in_order(rule: StreamRule, places: tuple[_Place, ...], starts: list[int], noticed: Noticed) -> bool:
    """Go on from each step that was reached in time; the last steps first, so that one event is one step."""
    at = noticed.at
    for place in places:
        if not place.meets(noticed):
            continue
        number = place.number
        start = at if number == 0 else starts[number - 1]
        if not start or start > at or at - start > rule.within:
            continue
        if number == len(starts) - 1:
            starts[:] = [0] * len(starts)
            return True
        starts[number] = max(starts[number], start)
    return False


def _in_any_order(rule: StreamRule, places: tuple[_Place, ...], starts: list[int], noticed: Noticed) -> bool:
    met = [place.number for place in places if place.meets(noticed)]
    for number in met:
        starts[number] = max(starts[number], noticed.at)
    if not met or not all(starts) or max(starts) - min(starts) > rule.within:
        return False
    starts[:] = [0] * len(starts)
    return True


def _gathered(watched: _Watched, value: str, account: str, at: int) -> tuple[str, ...]:
    """Count the account with those that showed the same; the accounts not yet spoken of, once they are enough."""
    rule = watched.rule
    if rule.accounts is None:
        return ()
    crowd = watched.crowds.pop(value, None) or _Crowd()
    while len(watched.crowds) >= MOST_VALUES:
        del watched.crowds[next(iter(watched.crowds))]
    watched.crowds[value] = crowd  # at the end: it was not quiet
    crowd.seen.pop(account, None)
    crowd.seen[account] = at
    since = max(crowd.seen.values()) - rule.within
    for other in [other for other, at in crowd.seen.items() if at < since]:
        del crowd.seen[other]
        crowd.told.discard(other)
    if len(crowd.seen) < rule.accounts:
        return ()
    fresh = tuple(other for other in crowd.seen if other not in crowd.told)
    crowd.told.update(fresh)
    while len(crowd.seen) > rule.accounts:  # as many as it takes: the next one in time completes it again
        oldest = next(iter(crowd.seen))
        del crowd.seen[oldest]
        crowd.told.discard(oldest)
    return fresh


def _value(by: By | None, visit: Visit) -> str | None:
    shown: Traits = visit.shown
    match by:
        case By.DEVICE:
            return shown.device
        case By.IP:
            return shown.address
        case By.BLOCK:
            return shown.block
        case _:
            return shown.network
