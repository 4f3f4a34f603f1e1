"""What does a migration say to each store, where Django has no word for both?

Tables that are only ever added to, which the database itself sees to; and uniqueness of what is too long for an index
of PostgreSQL.
"""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

# What a trigger of PostgreSQL calls. An error of integrity, as SQLite's RAISE(ABORT) is one.
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION store_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def refusal(table: str, act: str, said: str) -> migrations.RunPython:
    """The database refuses this act (UPDATE, DELETE) on any row of the table, and says so. On PostgreSQL DELETE means
    TRUNCATE too.
    """
    name = f"{table}_no_{act.lower()}"
    on_sqlite = [f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END"]
    on_postgres = [_FUNCTION, _trigger(name, act, table, "ROW", said)]
    if act == "DELETE":
        on_postgres.append(_trigger(f"{table}_no_truncate", "TRUNCATE", table, "STATEMENT", said))
    return on_each(on_sqlite, on_postgres)


def no_replace(table: str, same: str, said: str) -> migrations.RunPython:
    """The database refuses a row where there is the `same`. SQLite's INSERT OR REPLACE removes one without asking the
    triggers on DELETE; PostgreSQL's ON CONFLICT is an UPDATE.
    """
    when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - a migration's own words
    on_sqlite = f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {when} "
    return on_each([on_sqlite + f"BEGIN SELECT RAISE(ABORT, '{said}'); END"], [])


def on_each(sqlite: list[str], postgres: list[str]) -> migrations.RunPython:
    """These statements to SQLite, those to PostgreSQL."""

    def run(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in postgres if editor.connection.vendor == "postgresql" else sqlite:
            editor.execute(statement, params=None)

    return migrations.RunPython(run, elidable=False)


class AddLongConstraint(migrations.AddConstraint):
    """A unique constraint, of whose fields `long` is as long as a shop makes it: PostgreSQL's index, which takes 2,704
    bytes a row, has its digest in its place.
    """

    def __init__(self, model_name: str, constraint: models.UniqueConstraint, long: str) -> None:
        super().__init__(model_name, constraint)
        self._fields, self._long = constraint.fields, long

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """As the constraint says, or by digest."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)._meta
        columns = [(name == self._long, model.get_field(name).column) for name in self._fields]
        parts = ", ".join(f'md5("{column}")' if is_long else f'"{column}"' for is_long, column in columns)
        schema_editor.execute(f'CREATE UNIQUE INDEX "{self.constraint.name}" ON "{model.db_table}" ({parts})', None)


def _trigger(name: str, act: str, table: str, each: str, said: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH {each} EXECUTE FUNCTION store_refuse('{said}')"
