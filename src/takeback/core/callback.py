"""Which numbers may staff call? Those that stood before the intruder came, and were not said to be lost since.

Who calls a number that the intruder set asks him whether he is the owner. Where no number is fit, staff use what they
have outside of the account (an order on paper, a contract, a visit), never what the account shows now.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from takeback.core.contacts import number_of
from takeback.core.investigate.findings import Contact


class Reach(StrEnum):
    """By what staff reach the customer."""

    TRUSTED = "call.numbers_trusted"
    DOUBTED = "call.numbers_doubted"  # somebody with the address of the page says that none of them is hers any more
    NONE_FIT = "call.none_fit"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as E.164 has it, and where the account has it."""

    value: str
    field: str
    source: str


@dataclass(frozen=True, slots=True)
class Calling:
    """The numbers to call. `doubted`: trusted ones that somebody says are hers no more, for staff to know of."""

    reach: Reach
    numbers: tuple[Number, ...]
    doubted: tuple[Number, ...]


def whom_to_call(contacts: Iterable[Contact], disowned: Collection[str], phone_country: str) -> Calling:
    """The numbers fit to be called. `contacts` as the findings have them; `disowned`: numbers (E.164) said to be
    lost.
    """
    trusted: dict[str, Number] = {}
    for contact in contacts:
        value = number_of(contact.value, phone_country) if contact.trusted else None
        if value is not None:
            trusted.setdefault(value, Number(value, contact.field, contact.source))
    fit = tuple(one for one in trusted.values() if one.value not in disowned)
    doubted = tuple(one for one in trusted.values() if one.value in disowned)
    reach = Reach.TRUSTED if fit else Reach.DOUBTED if doubted else Reach.NONE_FIT
    return Calling(reach, fit, doubted)
