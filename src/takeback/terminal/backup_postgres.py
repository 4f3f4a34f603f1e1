"""How is a PostgreSQL database copied and put back? By its own tools, `pg_dump` and `pg_restore`: one moment, one file.

The password goes to them by their environment, never by their arguments, which everybody on the machine can read.
"""

import os
import shutil
import subprocess
from pathlib import Path

from takeback.core.errors import SettingsError, TakebackError

_OURS = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def dump(url: str, to: Path) -> None:
    """Write the database at `url` into the file `to`, in pg_dump's custom form."""
    to.touch(mode=0o600)
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--no-unlogged-table-data", f"--file={to}"]
    _run("pg_dump", url, arguments)


def put_back(url: str, dumped: Path) -> None:
    """Write what was dumped into the empty database at `url`: all of it, or nothing."""
    arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", str(dumped)]
    _run("pg_restore", url, arguments)


def is_empty(url: str) -> bool:
    """True where the database at `url` has no table of anybody's. `SettingsError` when it cannot be asked."""
    import psycopg  # not loaded where nobody needs it

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute(_OURS).fetchone()
    except psycopg.Error as error:
        raise SettingsError(f"database_url: the database cannot be asked: {type(error).__name__}.") from None
    return row == (0,)


def _run(tool: str, url: str, arguments: list[str]) -> None:
    from psycopg import conninfo  # as above

    found = shutil.which(tool)
    if found is None:
        raise SettingsError(
            f"{tool} is not found: install PostgreSQL's client tools, of the server's version or newer."
        )
    said = conninfo.conninfo_to_dict(url)
    password = said.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password is not None else {})
    command = [
        found,
        "--no-password",
        f"--dbname={conninfo.make_conninfo('', **{name: str(value) for name, value in said.items()})}",
        *arguments,
    ]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tool, with arguments of ours alone
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = [line.partition(": ")[2] or line for line in done.stderr.strip().splitlines()[:2]]
        raise TakebackError(f"{tool} says: {'; '.join(lines) or 'nothing'}.".replace("..", "."))
