"""Whose e-mail address or telephone number is this, or ever was? Found by a keyed hash: the index tells nobody else."""

from collections.abc import Iterator
from hashlib import sha256
from hmac import digest

from takeback.core.account import CONTACT_FIELDS
from takeback.core.contacts import normalised
from takeback.core.events import Event, FieldChanged, ItemChange

_COLLECTION = "contacts"


class ContactIndex:
    """Makes the index's hashes. `phone_country` is the calling code of a number that has none."""

    def __init__(self, key: bytes, phone_country: str) -> None:
        self._key, self._phone_country = key, phone_country

    def hash(self, value: str) -> bytes | None:
        """The hash of a contact point as somebody typed it; None when it is no contact point."""
        plain = normalised(value, self._phone_country)
        return None if plain is None else digest(self._key, plain.encode(), sha256)

    def of(self, event: Event) -> Iterator[tuple[bytes, str]]:
        """The contact points that an event says its account has or had, as rows of the index: hash, account."""
        for value in _contact_values(event):
            made = self.hash(value)
            if made is not None:
                yield made, event.account


def _contact_values(event: Event) -> Iterator[str]:
    data = event.data
    if isinstance(data, FieldChanged):
        tells = data.field in CONTACT_FIELDS
    elif isinstance(data, ItemChange):
        tells = data.collection == _COLLECTION
    else:
        return
    if tells:
        yield from _texts(data.before)
        yield from _texts(data.after)


def _texts(value: object) -> Iterator[str]:
    """The strings in a value, which a shop may send bare or as an object such as `{"email": "…"}`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for text in value.values() if isinstance(text, str))
