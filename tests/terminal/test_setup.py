"""`takeback check` and `takeback migrate`: what is wrong with a set-up is said in plain sentences."""

import json
import os
import shutil
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from tests.places.files import COUNTRY, write

SECRET = "whsec_" + b64encode(b"a secret for these tests, no other").decode()


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TAKEBACK_")}
    command = [sys.executable, "-m", "takeback.cli", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def findings(folder: Path) -> dict[str, tuple[str, str]]:
    told = json.loads(call(folder, "check", "--json").stdout)
    return {finding["what"]: (finding["state"], finding["says"]) for finding in told}


def a_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def mail_server() -> Iterator[int]:
    port = a_port()
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as `takeback migrate` makes it, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    configure(folder, smtp_port=a_port())
    done = call(folder, "migrate")
    assert done.returncode == 0, done.stderr
    return folder / "data"


def configure(folder: Path, *, smtp_port: int, services: str = "") -> None:
    (folder / "takeback.toml").write_text(f'data_dir = "data"\n[smtp]\nport = {smtp_port}\n{services}')


def test_an_installation_without_tables_or_services_is_told_so(tmp_path: Path) -> None:
    configure(tmp_path, smtp_port=a_port())
    told = findings(tmp_path)
    assert told["data_dir"][0] == "wrong"
    assert "takeback migrate" in told["data_dir"][1]
    assert told["services"][0] == "wrong"
    assert told["smtp"][0] == "wrong"
    assert call(tmp_path, "check").returncode == 1


def test_after_migrate_the_tables_are_good(tmp_path: Path, made: Path, mail_server: int) -> None:
    configure(tmp_path, smtp_port=mail_server)
    shutil.copytree(made, tmp_path / "data")
    told = findings(tmp_path)
    assert told["tables"][0] == "good"
    assert told["smtp"][0] == "good"
    assert told["worker"] == ("mind", "No worker is at work: reports wait. Start `takeback work`.")
    assert call(tmp_path, "migrate").returncode == 0


def test_a_data_directory_that_others_can_open_is_wrong(tmp_path: Path, made: Path, mail_server: int) -> None:
    configure(tmp_path, smtp_port=mail_server)
    shutil.copytree(made, tmp_path / "data")
    (tmp_path / "data").chmod(0o755)
    assert findings(tmp_path)["data_dir"][0] == "wrong"


def test_a_service_that_does_not_answer_is_named(tmp_path: Path, made: Path, mail_server: int) -> None:
    address = f"http://127.0.0.1:{a_port()}/takeback"
    service = f'[[services]]\nsource = "/shops/gone"\nbase_url = "{address}"\nsecret = "{SECRET}"\n'
    configure(tmp_path, smtp_port=mail_server, services=service)
    shutil.copytree(made, tmp_path / "data")
    state, says = findings(tmp_path)["/shops/gone"]
    assert state == "wrong"
    assert SECRET not in says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hold_seconds = -1", "hold_seconds"),
        ("no_such_setting = 1", "no_such_setting"),
        ("not toml", "takeback.toml"),
        ('[[services]]\nsource = "/x"\nbase_url = "ftp://x"\nsecret = "short"', "services"),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_ends_with_2(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "takeback.toml").write_text(text)
    done = call(tmp_path, "check")
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "short" not in done.stderr


def test_files_of_places_are_told_with_their_age(tmp_path: Path, mail_server: int) -> None:
    now = datetime.now(UTC)
    write(tmp_path / "new.mmdb", COUNTRY, made_at=now - timedelta(days=3, hours=1), kind="Test-Country")
    write(tmp_path / "old.mmdb", COUNTRY, made_at=now - timedelta(days=400))
    text = f'places = ["new.mmdb", "old.mmdb", "none.mmdb"]\n[smtp]\nport = {mail_server}\n'
    (tmp_path / "takeback.toml").write_text(text)
    told = json.loads(call(tmp_path, "check", "--json").stdout)
    new, old, none = [(one["state"], one["says"]) for one in told if one["what"] == "places"]
    assert new[0] == "good"
    assert "(Test-Country) was made on" in new[1]
    assert "3 days ago." in new[1]
    assert old[0] == "mind"
    assert "400 days ago. Networks move: get a newer one." in old[1]
    assert none[0] == "wrong"
    assert "cannot be read: No such file or directory." in none[1]


def test_without_tables_a_command_says_how_to_make_them(tmp_path: Path) -> None:
    configure(tmp_path, smtp_port=a_port())
    asked = call(tmp_path, "cases")
    assert asked.returncode == 1
    assert asked.stderr.count("\n") == 1
    assert "takeback migrate" in asked.stderr


def test_a_check_says_what_people_still_need(tmp_path: Path, made: Path) -> None:
    configure(tmp_path, smtp_port=a_port())
    shutil.copytree(made, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    told = findings(tmp_path)
    assert told["desk"][0] == "mind"
    assert "takeback staff add" in told["desk"][1]
    assert told["audit"][0] == "mind"
    assert {told[what][0] for what in ("mail", "phones", "leaks")} == {"mind"}


def test_a_check_says_that_an_anchor_cannot_be_written(tmp_path: Path, made: Path) -> None:
    anchor = '[audit]\nanchor = "nowhere/anchor.log"\n'
    configure(tmp_path, smtp_port=a_port(), services=anchor)
    shutil.copytree(made, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    state, says = findings(tmp_path)["audit"]
    assert (state, "nowhere/anchor.log cannot be written" in says) == ("wrong", True)
