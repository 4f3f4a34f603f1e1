"""What is a row of the checklist? One way to stay in an account or to gain by it, and how to see that it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.casework.life import PASSWORD
from tests.checklist.night import Night

Act = Callable[[Night], Any]
Sees = Callable[[Night], bool]


def nothing(_: Night) -> None:
    """Nothing happens."""


def by_password(night: Night) -> None:
    """The intruder has the password."""
    assert night.intruder("sign_in", password=PASSWORD)["type"] == "account.signed_in"


def so(_: Night) -> bool:
    """There is nothing to see."""
    return True


@dataclass(frozen=True)
class Row:
    """One item. `gone` and `still_there` try it after the hand back; each True is as it should be.

    before       how the owner lived, where it matters
    enters       how the intruder gets in, where it is not by the password alone
    plant        what the intruder does, through the shop's own doors
    later        what the owner does of the same kind afterwards, before anybody reports anything
    again        what the intruder does once more after that
    gone         nothing that he planted is good for anything
    still_there  the owner's own later change is
    held         what is seen during the hold, while everything is stopped
    lost         keys of what cannot be undone and must be said (`plan.irreversible`)
    says         keys of the words that the customer must be told, in both languages
    for_good     nothing in the shop can end it: it lies outside, or has happened; so there is nothing to try
    """

    number: int
    title: str
    plant: Act
    later: Act
    gone: Sees
    still_there: Sees
    before: Act = nothing
    enters: Act = by_password
    again: Act = nothing
    held: Sees = so
    lost: frozenset[str] = frozenset()
    says: tuple[str, ...] = ()
    for_good: bool = False

    @property
    def name(self) -> str:
        return f"{self.number:02}-{self.title.replace(' ', '-')}"


def field_row(number: int, title: str, name: str, *, was: Any, his: Any, hers: Any, **more: Any) -> Row:
    """The intruder writes a field, the owner writes it after him, and he writes it again: hers is restored."""

    def gone(night: Night) -> bool:
        return bool(night.fields.get(name) != his and more.get("gone", so)(night))

    def still_there(night: Night) -> bool:
        return bool(night.fields.get(name) == hers and more.get("still_there", so)(night))

    rest = {key: value for key, value in more.items() if key not in ("gone", "still_there", "before")}

    def before(night: Night) -> None:
        more.get("before", nothing)(night)
        if was is not None and night.fields.get(name) != was:
            night.owner("change_field", name, was)

    return Row(
        number,
        title,
        before=before,
        plant=lambda night: night.intruder("change_field", name, his),
        later=lambda night: night.owner("change_field", name, hers),
        again=lambda night: night.intruder("change_field", name, his),
        gone=gone,
        still_there=still_there,
        **rest,
    )


def item_row(number: int, title: str, collection: str, *, his: Any, hers: Any, **more: Any) -> Row:
    """The intruder adds an item `x`, the owner adds another, `o`. `his` and `hers` are their values."""

    def gone(night: Night) -> bool:
        return bool(night.item(collection, "x") is None and more.get("gone", so)(night))

    def still_there(night: Night) -> bool:
        return bool(night.item(collection, "o") == hers and more.get("still_there", so)(night))

    rest = {key: value for key, value in more.items() if key not in ("gone", "still_there", "secrets")}
    his_secrets, her_secrets = more.get("secrets", ((), ()))
    planted: dict[str, Any] = {
        "plant": lambda night: night.intruder("add_item", collection, "x", his, secrets=his_secrets),
        "later": lambda night: night.owner("add_item", collection, "o", hers, secrets=her_secrets),
        "gone": gone,
        "still_there": still_there,
        **rest,
    }
    return Row(number, title, **planted)
