"""What does a shop know of its visitors, and how does it handle sessions? Shops differ more than one would think."""

from dataclasses import dataclass

from benchmarks.world.chance import Chance
from benchmarks.world.timeline import DAY, HOUR, MINUTE

EVERYTHING = frozenset({"session", "device", "country", "asn"})
# what a shop can tell of a client beside address and user agent: share of shops
_KNOWN = {
    EVERYTHING: 46.0,
    frozenset({"session", "country", "asn"}): 13.0,
    frozenset({"session", "device"}): 13.0,
    frozenset({"session"}): 8.0,
    frozenset({"device", "country", "asn"}): 6.0,
    frozenset({"country", "asn"}): 4.0,
    frozenset({"device"}): 3.0,
    frozenset({"session", "device", "country"}): 3.0,
    frozenset[str](): 4.0,
}


@dataclass(frozen=True, slots=True)
class Shop:
    """`idle` and `oldest`: seconds after which a session ends, unused and in any case. `rotation`: when a session's id
    changes (`never`, `sign_in`, `hours`). `anonymous`: there is a session before the sign-in. `dual`: reached by IPv6
    too. `views`: the share of looks at personal data that is recorded. `gaps`: the share of events in which the device
    is missing although the shop knows devices.
    """

    source: str
    knows: frozenset[str]
    idle: float
    oldest: float
    rotation: str
    anonymous: bool
    dual: bool
    asn_as_text: bool
    offset: str
    notices: bool
    ends_sessions: bool
    views: float
    gaps: float
    app: bool


def shop(chance: Chance) -> Shop:
    """One of many shops."""
    short = chance.odds(0.4)
    return Shop(
        source=chance.pick(("/shops/oscar", "/shops/town", "/shops/south", "/services/market")),
        knows=chance.weighted(_KNOWN),
        idle=chance.log_within(30 * MINUTE, 12 * HOUR) if short else chance.log_within(7, 60) * DAY,
        oldest=12 * HOUR if short else chance.log_within(14, 180) * DAY,
        rotation=chance.weighted({"never": 30, "sign_in": 50, "hours": 20}),
        anonymous=chance.odds(0.5),
        dual=chance.odds(0.4),
        asn_as_text=chance.odds(0.4),
        offset=chance.pick(("+09:00", "+09:00", "Z")),
        notices=chance.odds(0.35),
        ends_sessions=chance.odds(0.6),
        views=chance.pick((0.25, 0.6, 0.9)),
        gaps=chance.pick((0.0, 0.0, 0.01, 0.04)),
        app=chance.odds(0.5),
    )
