"""What does a test stand on? Real files in a folder of its own, and no network but this machine's own."""

import os
import shutil
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import connections
from hypothesis import settings as drawing
from pytest_django.plugin import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

from takeback.bootstrap import House, build_house, move_into
from takeback.configuration import Configuration, Secret, ServiceAddress
from takeback.core.events import Event, parse_event
from takeback.store.eventlog import SqliteEventLog
from takeback.store.start import migrate

SHOP_SECRET = "whsec_" + b64encode(b"the shop's secret, for the tests").decode()
VIDEO_SECRET = "whsec_" + b64encode(b"the video's secret, for the tests").decode()

MakeEvent = Callable[..., tuple[Event, bytes]]

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder in it that is its user's alone
ROOM = 2 * 2**30  # bytes; a whole run writes a tenth of it

# Dozens of processes are started here: each would compile anew all that it imports, three times as slow to start.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Real files all the same, and every commit is still synced; but tens of thousands of times no disk is waited for.
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


# How long one example takes says more of the machine than of the code: what has to be quick has a test that says so.
drawing.register_profile("here", deadline=None)
drawing.load_profile("here")

# These take the longest, so they begin first: a whole file runs in one process, and none should still run alone at the
# end. The first two mostly wait.
LONGEST = (
    "browser/test_customers_night.py",
    "browser/test_desk_night.py",
    "casework/test_crash.py",
    "web/desk/test_door_browser.py",
    "web/desk/test_audit_browser.py",
    "web/desk/test_rules_browser.py",
    "web/desk/test_matrix.py",
    "demo/test_demo.py",
    "core/test_undo_laws.py",
    "terminal/test_every_account.py",
    "stories/intruder/test_flooding.py",
    "stories/intruder/test_guessing.py",
    "checklist/test_oscar.py",
    "shops/test_door.py",
    "shops/test_contract_shapes.py",
    "oscar/test_outbox.py",
    "web/test_portal_pages.py",
    "casework/test_proof.py",
    "casework/test_looking.py",
    "mail/inbound/test_processes.py",
    "casework/test_new_password.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: some of them always wait for a server or a clock."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the rest stays in its order."""
    here = Path(__file__).parent
    first = {here / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path, len(first)))


def pytest_configure() -> None:
    """Give Django a secret: the real one is made in the data directory, where no test has any business."""
    settings.SECRET_KEY = "a secret for the tests, which guards nothing at all"


def pytest_runtest_setup() -> None:
    """Refuse every connection that leaves this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def event_text(**changes: object) -> bytes:
    """An event of the contract as JSON, with `changes`; a change to `...` leaves the attribute out."""
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": "ev1",
        "source": "/shops/oscar",
        "type": "account.viewed",
        "subject": "42",
        "time": "2026-11-01T10:00:00+09:00",
        "data": {"what": "orders"},
    }
    event |= changes
    return msgspec.json.encode({name: value for name, value in event.items() if value is not ...})


@pytest.fixture
def make_event() -> MakeEvent:
    """Makes an event and its text; every attribute of the envelope can be given."""

    def make(**changes: object) -> tuple[Event, bytes]:
        text = event_text(**changes)
        return parse_event(text), text

    return make


@pytest.fixture
def event_log(tmp_path: Path) -> Iterator[SqliteEventLog]:
    """An empty event log in a file of its own."""
    log = SqliteEventLog(tmp_path / "events.db", contact_key=b"k" * 32)
    yield log
    log.close()


@pytest.fixture(scope="session")
def empty_cases(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A database of cases with its tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "cases.db"
    with django_db_blocker.unblock():
        connections.settings["default"]["NAME"] = str(path)
        connections["default"].settings_dict["NAME"] = str(path)
        migrate()
        connections["default"].execute_wrappers.clear()
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
    return path


@pytest.fixture
def cases_path(tmp_path: Path, empty_cases: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Django's database as a real file of this test's own, which threads and other processes can open too."""
    path = tmp_path / "cases.db"
    shutil.copyfile(empty_cases, path)
    with django_db_blocker.unblock():
        connections.close_all()
        connections.settings["default"]["NAME"] = str(path)
        connections["default"].settings_dict["NAME"] = str(path)
        yield path
        connections.close_all()


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """The settings of an installation with two services, in this test's folder."""
    return Configuration(
        data_dir=tmp_path,
        secret_key=Secret("the installation's secret, for the tests"),
        services=(
            ServiceAddress(source="/shops/oscar", base_url="http://127.0.0.1:9/takeback", secret=Secret(SHOP_SECRET)),
            ServiceAddress(source="/services/video", base_url="http://127.0.0.1:9/tb", secret=Secret(VIDEO_SECRET)),
        ),
    )


@pytest.fixture
def house(configuration: Configuration, cases_path: Path) -> Iterator[House]:
    """A whole house in this test's folder, which the views of this process live in."""
    assert cases_path == configuration.cases_path
    built = build_house(configuration)
    move_into(built)
    yield built
    move_into(None)
    built.close()
