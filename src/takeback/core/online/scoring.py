"""How likely is it, after this event, that the visit is an intruder's? A sum of weights in the investigation's own
log-odds, kept up event by event.

A visit begins with what its client weighs (`clients`); each act adds its weight once, as `core.investigate.acts` weighs
it. What is left out, and left to the investigation: the hour, ties between visits, and words. A sign-in that fails has
no score: anybody can fail, and a wave of failures must not send us looking at every account that it met.
"""

from math import log

from msgspec import Struct

from takeback.core.events import Event, EventType, OrderPlaced, SignedIn
from takeback.core.investigate.acts import (
    KNOWN_CREDENTIAL,
    METHOD_MOST,
    METHOD_WORTH,
    METHODS,
    METHODS_OF_INTRUDERS,
    NOTHING_UNUSUAL,
    OTHER_METHOD,
    RATES,
    SECOND_FACTORS,
    TO_KNOWN_ADDRESS,
    WITHOUT_FACTOR,
    canonical,
)
from takeback.core.investigate.judging import PRIOR, probability
from takeback.core.investigate.reasons import Because
from takeback.core.online.acts import Act, acts_of
from takeback.core.online.clients import NEW_COUNTRY, NEW_DEVICE, NEW_NETWORK
from takeback.core.online.profile import MOST_FAILURES, MOST_THINGS, Failure, Profile, Visit, digest_of
from takeback.core.online.visits import visit_of

SOON = 1_800  # seconds in which failed sign-ins belong to the one that follows
MANY_FAILURES = 3
NEW_ADDRESS, NEW_CARD = 8, 16  # bits beside those of `clients`, of the event alone
_BIT: dict[Because, int] = {key: 1 << place for place, key in enumerate(RATES)}
_VIEWS = (Because.VIEWED_CARDS, Because.VIEWED_ADDRESSES, Because.VIEWED_EXPORT)
_VIEWED = sum(_BIT[key] for key in _VIEWS)
_AFTER_ADDRESS, _AFTER_CONTACT = _BIT[Because.ADDRESS_ADDED], _BIT[Because.CONTACT_CHANGED]
_ORDERS_MANY = 4
LOWEST = -99.0  # the score of what has none


class Noticed(Struct, frozen=True, gc=False):
    """What one event came to. `score` is in log-odds that the visit is an intruder's, `LOWEST` where it has none;
    `new`: the bits of what is new to the owner; `acts`: what a rule can name; `worth`: of an order, in its currency.
    """

    score: float
    at: int  # seconds of the epoch
    visit: Visit | None
    acts: tuple[Act, ...]
    new: int
    worth: float = 0.0
    currency: str = ""

    @property
    def chance(self) -> float:
        """The score as a probability, 0 to 1."""
        return probability(self.score - PRIOR)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The keys of what speaks for an intruder, the weightiest first."""
        why = self.visit.why if self.visit is not None else {}
        return tuple(sorted((key for key, weight in why.items() if weight > 0), key=why.__getitem__, reverse=True))


_NOBODY = Noticed(LOWEST, 0, None, (), 0)


def notice(profile: Profile, event: Event) -> Noticed:
    """Weigh one event of the account, and remember it. What staff, the shop and Takeback did is nobody's visit.

    The account's events should come in order of time; one that is late is weighed, and teaches nothing.
    """
    if not event.by_customer:
        return _NOBODY
    at, acted, client, data = int(event.time.timestamp()), acts_of(event), event.data.client, event.data
    if at > profile.newest:
        profile.newest = at
    if at < profile.since or not profile.since:
        profile.since = at
    if event.type is _FAILED:
        return _failed(profile, Failure(at, client.ip, client.device), acted[0])
    visit = visit_of(profile, client, at)
    visit.events += 1
    new, worth, currency = visit.new, 0.0, ""
    if isinstance(data, OrderPlaced):
        if data.order.total is not None:
            worth, currency = float(data.order.total.amount), data.order.total.currency
        new |= _ordered(profile, visit, data, worth)
    elif isinstance(data, SignedIn):
        _signed_in(profile, visit, data, at)
    elif event.type is _RESET:
        visit.reset = True
    if acted[1] is not None:
        _note(profile, visit, acted[1])
    return Noticed(_score(profile, visit), at, visit, acted[0], new, worth, currency)


_FAILED, _RESET = EventType.SIGN_IN_FAILED, EventType.RESET_REQUESTED


def _failed(profile: Profile, failure: Failure, acts: tuple[Act, ...]) -> Noticed:
    if len(profile.failures) >= MOST_FAILURES:
        del profile.failures[0]
    profile.failures.append(failure)
    return Noticed(LOWEST, failure.at, None, acts, 0)


def _score(profile: Profile, visit: Visit) -> float:
    score = PRIOR + visit.weight
    if visit.events > 1 and not visit.noted and not visit.parcels:
        score += NOTHING_UNUSUAL * profile.past
    if score > visit.peak or visit.events == 1:
        visit.peak = score
    return score


def _note(profile: Profile, visit: Visit, key: Because) -> None:
    """An act adds its weight once a visit; two kinds of looks together are one more."""
    bit = _BIT[key]
    if visit.noted & bit:
        return
    visit.noted |= bit
    intruder, owner, most = RATES[key]
    weight = min(most, log(intruder / 100 / profile.rate(key, owner / 100))) * profile.past
    _say(visit, key, max(0.0, weight))
    if bit & _VIEWED and (visit.noted & _VIEWED) != bit:
        _note(profile, visit, Because.LOOKED_AROUND)


def _say(visit: Visit, key: Because, weight: float) -> None:
    visit.why[key] = weight
    visit.weight += weight


def _signed_in(profile: Profile, visit: Visit, data: SignedIn, at: int) -> None:
    """How somebody came in; as `core.investigate.acts` weighs the first sign-in of a strand."""
    if profile.failures:
        _after_failures(profile, visit, at)
    if visit.reset:
        _note(profile, visit, Because.SIGN_IN_AFTER_RESET)
    if data.credential and len(visit.credentials) < MOST_THINGS:
        visit.credentials.append(data.credential)
        if data.credential in profile.credentials and Because.CREDENTIAL_KNOWN not in visit.why:
            visit.vouched = True
            _say(visit, Because.CREDENTIAL_KNOWN, KNOWN_CREDENTIAL)
    proof = min(SECOND_FACTORS.get(data.second_factor or "", 0.0), METHODS.get(data.method or "", 0.0))
    told = visit.why.get(Because.SIGN_IN_SECOND_FACTOR, 0.0)
    if proof < told:
        visit.why[Because.SIGN_IN_SECOND_FACTOR] = proof
        visit.weight += proof - told
        visit.vouched = visit.proven = True
    if visit.method is None:
        _method(profile, visit, data.method or "", proven=proof < 0)


def _method(profile: Profile, visit: Visit, method: str, *, proven: bool) -> None:
    """By her usual way or another, and with or without the second factor that she always shows."""
    visit.method = method
    before = sum(profile.methods.values())
    if method and before:
        use = (profile.methods.get(method, 0) + 0.3) / (before + 1.0)
        weight = METHOD_WORTH * log(METHODS_OF_INTRUDERS.get(method, OTHER_METHOD) / use)
        if weight > 0.2:
            _say(visit, Because.SIGN_IN_METHOD_NEW, min(METHOD_MOST, weight))
        elif weight < -0.2:
            _say(visit, Because.SIGN_IN_METHOD_USUAL, max(-METHOD_MOST, weight))
    if not proven and before >= 3 and profile.factors > 0.8 * before:
        _say(visit, Because.SIGN_IN_WITHOUT_FACTOR, WITHOUT_FACTOR)


def _after_failures(profile: Profile, visit: Visit, at: int) -> None:
    """Several sign-ins from here had failed just before."""
    near = sum(
        at - SOON <= one.at <= at
        and ((one.device is not None and one.device == visit.device) or (one.ip is not None and one.ip == visit.ip))
        for one in profile.failures
    )
    if near >= MANY_FAILURES:
        _note(profile, visit, Because.SIGN_IN_AFTER_FAILURES)
    profile.failures = [one for one in profile.failures if one.at > at - SOON]


def _ordered(profile: Profile, visit: Visit, data: OrderPlaced, worth: float) -> int:
    """An order: where it goes, how large it is, what came before. Returns the bits of what is new in it."""
    order, new = data.order, 0
    visit.orders += 1
    if order.address is not None and not order.digital:
        new |= _sent_to(profile, visit, order.address)
    if order.card is not None:
        card = digest_of(order.card if isinstance(order.card, str) else canonical(order.card))
        if card not in visit.cards and len(visit.cards) < MOST_THINGS:
            visit.cards.append(card)
        if profile.visits and card not in profile.cards:
            new |= NEW_CARD
    if visit.orders >= max(_ORDERS_MANY, 2 * profile.most_orders + 1):
        _note(profile, visit, Because.ORDERS_MANY)
    visit.worth = max(visit.worth, worth)
    if visit.worth > 2 * profile.largest > 0:
        _note(profile, visit, Because.ORDERED_LARGE)
    if visit.noted & _AFTER_ADDRESS:
        _note(profile, visit, Because.ADDRESS_THEN_ORDERED)
    if visit.noted & _AFTER_CONTACT:
        _note(profile, visit, Because.CONTACT_THEN_ORDERED)
    return new


def _sent_to(profile: Profile, visit: Visit, address: object) -> int:
    where = digest_of(address if isinstance(address, str) else canonical(address))
    if where not in visit.parcels and len(visit.parcels) < MOST_THINGS:
        visit.parcels.append(where)
    if where not in profile.parcels:
        if Because.ORDERED_TO_KNOWN_ADDRESS in visit.why:
            visit.weight -= visit.why.pop(Because.ORDERED_TO_KNOWN_ADDRESS)
        _note(profile, visit, Because.ORDERED_TO_NEW_ADDRESS)
        return NEW_ADDRESS if profile.visits else 0
    known = Because.ORDERED_TO_KNOWN_ADDRESS
    if profile.past > 0.3 and known not in visit.why and Because.ORDERED_TO_NEW_ADDRESS not in visit.why:
        visit.vouched = True
        _say(visit, known, TO_KNOWN_ADDRESS)
    return 0


__all__ = ["LOWEST", "NEW_ADDRESS", "NEW_CARD", "NEW_COUNTRY", "NEW_DEVICE", "NEW_NETWORK", "Noticed", "notice"]
