"""How are rows of one table written and read in no time? Past Django's objects and its making of the same statement
each time anew, which cost ten times as much; what a column keeps of a value is still for its field to say.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.expressions import Col

Values = dict[str, Any]  # of one row, by attribute, such as `case_id`


def insert(model: type[models.Model], rows: Sequence[Values], *, known_stay: bool = False) -> None:
    """Add rows that all have the same attributes, inside the caller's transaction. `known_stay`: a row that breaks a
    rule of uniqueness is left out.
    """
    if not rows:
        return
    names = tuple(rows[0])
    columns = ", ".join(_column(model, name) for name in names)
    places = ", ".join("%s" for _ in names)
    end = " ON CONFLICT DO NOTHING" if known_stay else ""
    _run(f"INSERT INTO {_table(model)} ({columns}) VALUES ({places}){end}", _adapted(model, names, rows))  # noqa: S608 - names of our own models


def update(model: type[models.Model], rows: Sequence[Values], key: str = "id") -> None:
    """Write the other attributes of the rows that these keys name, inside the caller's transaction."""
    if not rows:
        return
    names = (*(name for name in rows[0] if name != key), key)
    sets = ", ".join(f"{_column(model, name)} = %s" for name in names[:-1])
    _run(f"UPDATE {_table(model)} SET {sets} WHERE {_column(model, key)} = %s", _adapted(model, names, rows))  # noqa: S608 - as above


def _run(statement: str, values: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(values))


def _adapted(model: type[models.Model], names: Sequence[str], rows: Iterable[Values]) -> Iterable[list[Any]]:
    fields = [_field(model, name) for name in names]
    for row in rows:
        yield [
            field.get_db_prep_save(row[name], connection=connection) for field, name in zip(fields, names, strict=True)
        ]


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
    reading = _reading(connection.vendor, model, tuple(where), tuple(order), most)
    values = [_field(model, name).get_db_prep_save(value, connection=connection) for name, value in where.items()]
    with connection.cursor() as cursor:
        cursor.execute(reading.statement, values)
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
    said = Col("", field)
    steps = [*connection.ops.get_db_converters(said), *said.get_db_converters(connection)]
    if not steps:
        return None

    def change(value: Any) -> Any:
        for step in steps:
            value = step(value, said, connection)
        return value

    return change
