"""What is a column, so that both stores keep the same in it and put it in the same order?

SQLite takes any text into any column, compares it byte by byte, and has no JSON of its own. PostgreSQL would refuse
what is longer than a column says, compare as its locale has it, and rewrite JSON, so that a chained digest no longer
fits: numbers (1e22) come back as others, and a NUL in a string is refused. So there, text is text of any length,
compared byte by byte, and JSON is text. On SQLite nothing is other than Django's own fields would have it.
"""

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# PostgreSQL keeps no NUL, and neither store keeps half a surrogate pair, which comes in with the terminal or by mail.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED = "\\ud"  # how JSON writes one, and both of a pair
_IN_PLACE = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """The text as a column gives it back. What no store keeps is replaced, and not dropped: it shall equal no other."""
    return _UNSTORABLE.sub(_IN_PLACE, text)


def storable_json(value: Any) -> Any:
    """The same for every text in a value of JSON. A NUL stays: JSON has a way to write it."""
    if isinstance(value, str):
        return _HALF.sub(_IN_PLACE, value)
    if isinstance(value, Mapping):
        return {storable_json(name): storable_json(one) for name, one in value.items()}
    return [storable_json(one) for one in value] if isinstance(value, list | tuple) else value


class Text(models.CharField):  # type: ignore[type-arg] # at run time Django's fields take none
    """Text, found and sorted byte by byte. `max_length` is what SQLite's column is called, and binds nobody."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Of any length; and by a name for which Django makes no second index, of no use under this collation."""
        return "character varying" if connection.vendor == "postgresql" else super().db_type(connection)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """With the collation of bytes, which SQLite has by itself."""
        said = super().db_parameters(connection)
        return said | {"collation": "C"} if connection.vendor == "postgresql" else said

    def get_prep_value(self, value: Any) -> Any:
        """As it can be kept, and looked for."""
        prepared = super().get_prep_value(value)
        return storable(prepared) if isinstance(prepared, str) else prepared


class LongText(models.TextField):  # type: ignore[type-arg] # as above
    """Text that nobody looks for: what somebody wrote."""

    def get_prep_value(self, value: Any) -> Any:
        """As it can be kept."""
        prepared = super().get_prep_value(value)
        return storable(prepared) if isinstance(prepared, str) else prepared


class JsonText(models.TextField):  # type: ignore[type-arg] # as above
    """JSON, kept as its text: it comes back as it went in."""

    if TYPE_CHECKING:  # what the checker takes from a field for the rows of a model
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def db_check(self, connection: BaseDatabaseWrapper) -> str | None:
        """SQLite's own columns of JSON have this check."""
        form = connection.data_type_check_constraints.get("JSONField")
        return str(form) % {"column": self.column} if form else None

    def get_prep_value(self, value: Any) -> Any:
        """Its text. `TypeError` for what is no JSON."""
        if value is None:
            return None
        text = json.dumps(value)
        return text if _ESCAPED not in text else json.dumps(storable_json(value))

    def from_db_value(self, value: str | None, *_: object) -> Any:
        """What was written; the text itself where somebody altered it to what is no JSON."""
        if value is None:
            return None
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:  # what JSON has no way to write, and Python's own module does: NaN
            pass
        try:
            return json.loads(value)
        except ValueError:
            return value

    def to_python(self, value: Any) -> Any:
        """It is a value already."""
        return value
