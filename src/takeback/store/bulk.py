"""How are rows of one table written and read in no time? Past Django's objects and its making of the same statement
each time anew, which cost ten times as much; what a column keeps of a value is still for its field to say.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import chain
from sqlite3 import sqlite_version_info
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

from takeback.store.columns import JsonText, LongText, Text, storable

Values = dict[str, Any]  # of one row, by attribute, such as `case_id`
TOGETHER = 100  # rows in one statement, which a database and its driver go through once
UPDATES_FROM = (3, 33)  # the first SQLite that can update many rows in one statement


class Writing(NamedTuple):
    """Rows that are ready to be written: all the work that does not need the turn to write is done. `statement` is made
    for so many rows at once as it is given; `single` where the database wants one at a time.
    """

    statement: Callable[[int], str]
    values: Sequence[Sequence[Any]]
    single: bool = False

    def run(self) -> int:
        """Write them, inside the caller's transaction; how many there were."""
        if not self.values:
            return 0
        with connection.cursor() as cursor:
            if self.single or len(self.values) > TOGETHER:
                cursor.executemany(self.statement(1), self.values)
            else:
                cursor.execute(self.statement(len(self.values)), [*chain.from_iterable(self.values)])
            return int(cursor.rowcount)


def inserting(model: type[models.Model], rows: Sequence[Values], *, known_stay: bool = False) -> Writing:
    """Rows to add, that all have the same attributes. `known_stay`: one that breaks a rule of uniqueness is left
    out.
    """
    names, line = tuple(rows[0]) if rows else (), connections[DEFAULT_DB_ALIAS]
    return Writing(partial(_inserting, line.vendor, model, names, known_stay), _adapted(model, names, rows, line))


def updating(model: type[models.Model], rows: Sequence[Values], key: str = "id") -> Writing:
    """The other attributes of the rows that these keys name, to be written."""
    names = (*(name for name in rows[0] if name != key), key) if rows else ()
    line = connections[DEFAULT_DB_ALIAS]
    # PostgreSQL takes the values of a list for text, whatever the column is; its driver sends the statements together.
    single = line.vendor != "sqlite" or sqlite_version_info < UPDATES_FROM
    return Writing(partial(_updating, line.vendor, model, names), _adapted(model, names, rows, line), single)


def insert(model: type[models.Model], rows: Sequence[Values], *, known_stay: bool = False) -> None:
    """Add rows (`inserting`), inside the caller's transaction."""
    inserting(model, rows, known_stay=known_stay).run()


def update(model: type[models.Model], rows: Sequence[Values], key: str = "id") -> int:
    """Write rows (`updating`), inside the caller's transaction; how many there were."""
    return updating(model, rows, key).run()


@lru_cache(1024)
def _inserting(vendor: str, model: type[models.Model], names: tuple[str, ...], known_stay: bool, many: int) -> str:  # noqa: ARG001 - its quotes
    columns = ", ".join(_column(model, name) for name in names)
    end = " ON CONFLICT DO NOTHING" if known_stay else ""
    return f"INSERT INTO {_table(model)} ({columns}) VALUES {_places(names, many)}{end}"  # noqa: S608 - names of our own models


@lru_cache(1024)
def _updating(vendor: str, model: type[models.Model], names: tuple[str, ...], many: int) -> str:  # noqa: ARG001 - as above
    """The last name is the key's."""
    columns = [_column(model, name) for name in names]
    if many == 1:
        sets = ", ".join(f"{column} = %s" for column in columns[:-1])
        return f"UPDATE {_table(model)} SET {sets} WHERE {columns[-1]} = %s"  # noqa: S608 - names of our own models
    sets = ", ".join(f"{column} = new.column{place}" for place, column in enumerate(columns[:-1], start=1))
    return (
        f"UPDATE {_table(model)} SET {sets} FROM (VALUES {_places(names, many)}) AS new "  # noqa: S608 - as above
        f"WHERE {_table(model)}.{columns[-1]} = new.column{len(columns)}"
    )


def _places(names: Sequence[str], many: int) -> str:
    return ", ".join([f"({', '.join('%s' for _ in names)})"] * many)


def _adapted(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Values], line: BaseDatabaseWrapper
) -> list[list[Any]]:
    fields = [_field(model, name) for name in names]
    return [[_kept(field, row[name], line) for field, name in zip(fields, names, strict=True)] for row in rows]


def _kept(field: "models.Field[Any, Any]", value: Any, line: BaseDatabaseWrapper) -> Any:
    """What the column keeps of the value: as its field says, by a shorter way for what is plain already."""
    if value is None or type(value) is int or type(value) is bool:
        return value
    if type(value) is str and isinstance(field, Text | LongText):
        return storable(value)
    if isinstance(field, JsonText):
        return field.get_prep_value(value)
    if type(value) is datetime and value.tzinfo is UTC and line.vendor == "sqlite":
        return str(value.replace(tzinfo=None))  # as Django writes it
    return field.get_db_prep_save(value, connection=line)


@lru_cache(256)
def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(str(_field(model, name).column))


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def select(model: type[models.Model], order: Sequence[str] = (), most: int | None = None, /, **where: Any) -> list[Any]:
    """The rows whose attributes are these (None: none), in this order (`-name`: backwards), at most so many: named
    tuples with what the model's own rows would have.
    """
    return _select(model, tuple(order), most, "", where)


def held(model: type[models.Model], **where: Any) -> Any | None:
    """The one row whose attributes are these, which nobody else changes until the caller's transaction ends; what
    refers to it can be added meanwhile. None where there is none.
    """
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    rows = _select(model, (), None, lock, where)
    return rows[0] if rows else None


def _select(model: type[models.Model], order: tuple[str, ...], most: int | None, lock: str, where: Values) -> list[Any]:
    line = connections[DEFAULT_DB_ALIAS]
    reading = _reading(line.vendor, model, tuple(where), order, most)
    values = [_kept(_field(model, name), value, line) for name, value in where.items()]
    with line.cursor() as cursor:
        cursor.execute(reading.statement + lock, values)
        found = cursor.fetchall()
    make, convert = reading.row._make, reading.convert
    if not convert:
        return [make(row) for row in found]
    rows = []
    for raw in found:
        row = list(raw)
        for place, change in convert:
            row[place] = change(row[place])
        rows.append(make(row))
    return rows


class _Reading(NamedTuple):
    """How one question is put, and what is made of the answer."""

    statement: str
    row: Any  # a named tuple, of which no type checker knows
    convert: tuple[tuple[int, Callable[[Any], Any]], ...]


@lru_cache(256)
def _reading(
    vendor: str,  # noqa: ARG001 - another database has other quotes and converters
    model: type[models.Model],
    where: tuple[str, ...],
    order: tuple[str, ...],
    most: int | None,
) -> _Reading:
    fields = model._meta.concrete_fields
    asked = " AND ".join(f"{_column(model, name)} = %s" for name in where) or "1 = 1"
    by = ", ".join(_column(model, name.lstrip("-")) + (" DESC" if name.startswith("-") else "") for name in order)
    statement = (
        f"SELECT {', '.join(connection.ops.quote_name(str(field.column)) for field in fields)} "  # noqa: S608 - as above
        f"FROM {_table(model)} WHERE {asked}"
        + (f" ORDER BY {by}" if by else "")
        + (f" LIMIT {most}" if most is not None else "")
    )
    converted = ((place, _converter(field)) for place, field in enumerate(fields))
    convert = tuple((place, change) for place, change in converted if change is not None)
    return _Reading(statement, namedtuple("Row", [field.attname for field in fields], rename=True), convert)


def _converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """What makes a value of this column what Django would give, or None where the driver does."""
    if connection.vendor == "sqlite" and isinstance(field, models.DateTimeField):
        return _moment
    said = Col("", field)
    steps = [*connection.ops.get_db_converters(said), *said.get_db_converters(connection)]
    if not steps:
        return None
    if isinstance(field, JsonText):
        return field.from_db_value

    def change(value: Any) -> Any:
        for step in steps:
            value = step(value, said, connection)
        return value

    return change


def _moment(value: datetime | None) -> datetime | None:
    """As Django writes it: in UTC, without saying so."""
    return None if value is None else value.replace(tzinfo=UTC)
