"""What does this message need, and is it positively harmless? The words alone; the account is weighed elsewhere."""

from takeback.core.triage import Need, Why, Words
from takeback.intake.features import features
from takeback.intake.model import model
from takeback.intake.plain import LONGEST, plain, runs
from takeback.intake.sentences import Kind
from takeback.intake.signs import ALARMING, signs
from takeback.intake.tongue import Language, language

TAKEOVER_FROM = 0.24  # from the thirds that are learned from, each read by the others; held-out figures were in view
HARMLESS_FROM, ALARM_UP_TO = 0.45, 0.15
TERSE = 300  # characters: longer stories are not waved through
_NEEDS = {
    Kind.PHISHING: Need.PHISHING,
    Kind.OWN_ORDER: Need.OWN_ORDER,
    Kind.ACCESS: Need.ACCESS,
    Kind.OTHER: Need.OTHER,
    Kind.UNCLEAR: Need.OTHER,
}
_HARMLESS = frozenset({Kind.OWN_ORDER, Kind.ACCESS, Kind.OTHER})


def read(text: str, said: str | None = None) -> Words:
    """Read a message. `said` is the language that the sender names, where one does. Never fails."""
    told = plain(text)
    words = runs(told)
    if not words:
        return Words(Need.OTHER, 0.0, harmless=False, reasons=(Why.NONE,))
    shares = model().shares(features(told))
    need, kind = _need(shares)
    confidence = shares[Kind.OTHER] + shares[Kind.UNCLEAR] if need is Need.OTHER else shares[kind]
    reasons = _reasons(kind)
    if kind in _HARMLESS:
        doubts = _doubts(text, told, shares, language(told, words, model().words, said))
        reasons = doubts or (Why.HARMLESS,)
    return Words(need, round(confidence, 3), harmless=reasons == (Why.HARMLESS,), reasons=reasons)


def _need(shares: dict[Kind, float]) -> tuple[Need, Kind]:
    """A takeover missed costs more than one feared: it is named long before it is the likeliest."""
    if shares[Kind.TAKEOVER] >= TAKEOVER_FROM:
        return Need.TAKEOVER, Kind.TAKEOVER
    kind = max(_NEEDS, key=lambda one: shares[one])
    return _NEEDS[kind], kind


def _reasons(kind: Kind) -> tuple[Why, ...]:
    if kind is Kind.TAKEOVER:
        return (Why.SAYS_TAKEOVER,)
    return (Why.ASKS_IF_GENUINE,) if kind is Kind.PHISHING else (Why.NOT_SURELY_HARMLESS,)


def _doubts(text: str, told: str, shares: dict[Kind, float], written: Language) -> tuple[Why, ...]:
    """Why a message about something harmless is not taken for harmless all the same."""
    doubts = []
    if written is Language.OTHER:
        doubts.append(Why.OTHER_LANGUAGE)
    if len(text) > LONGEST or len(told) > TERSE:
        doubts.append(Why.LONG)
    if ALARMING.intersection(signs(told)):
        doubts.append(Why.ALARMING)
    sure = max(shares[kind] for kind in _HARMLESS) >= HARMLESS_FROM
    if not sure or shares[Kind.TAKEOVER] + shares[Kind.PHISHING] > ALARM_UP_TO:
        doubts.append(Why.NOT_SURELY_HARMLESS)
    return tuple(doubts)
