"""Stage 2 of 7. What do we say to what she wrote? Her words alone decide it, never the account: whoever reads the
answer learns nothing of that.

What she picked and everything that she wrote add up to one need, which only rises: a calm second sentence does not
take back an alarming first one.
"""

from enum import StrEnum

from takeback.core.triage import Need, Words

LONGEST = 2000  # characters of one turn
MOST = 30  # turns of hers; after that a person goes on


class Choice(StrEnum):
    """What she picked at the door."""

    ORDERS = "orders"
    ACCESS = "access"
    MAIL = "mail"
    OTHER = "other"


class Line(StrEnum):
    """What we say; the templates put it into words (`talk.KEY`)."""

    HEARD_TAKEOVER = "heard_takeover"
    HEARD_ACCESS = "heard_access"
    HEARD_PHISHING = "heard_phishing"
    HEARD_OWN_ORDER = "heard_own_order"
    HEARD_OTHER = "heard_other"
    RAISED = "raised"
    NOTED = "noted"
    FULL = "full"
    CODE_ASKED = "code_asked"
    PERSON_ASKED = "person_asked"


GRAVEST_LAST = (Need.OWN_ORDER, Need.OTHER, Need.PHISHING, Need.ACCESS, Need.TAKEOVER)
_PICKED = {
    Choice.ORDERS: Need.TAKEOVER,
    Choice.ACCESS: Need.ACCESS,
    Choice.MAIL: Need.PHISHING,
    Choice.OTHER: Need.OWN_ORDER,
}
_HEARD = {
    Need.TAKEOVER: Line.HEARD_TAKEOVER,
    Need.ACCESS: Line.HEARD_ACCESS,
    Need.PHISHING: Line.HEARD_PHISHING,
    Need.OWN_ORDER: Line.HEARD_OWN_ORDER,
    Need.OTHER: Line.HEARD_OTHER,
}


def opening(choice: Choice, text: str, words: Words) -> tuple[Need, bool]:
    """The need of a conversation that begins so, and whether it is positively harmless: only words can be that."""
    if not text.strip():
        return (_PICKED[choice], False) if choice is not Choice.OTHER else (Need.OTHER, False)
    return graver(_PICKED[choice], words.need), words.harmless and choice is Choice.OTHER


def graver(one: Need, other: Need) -> Need:
    """The graver of two needs."""
    return max(one, other, key=GRAVEST_LAST.index)


def first_line(need: Need) -> Line:
    """Our first turn."""
    return _HEARD[need]


def next_line(before: Need, now: Need, turns: int) -> Line:
    """Our answer to a further turn of hers, the `turns`-th."""
    if turns >= MOST:
        return Line.FULL
    return Line.RAISED if now is not before else Line.NOTED
