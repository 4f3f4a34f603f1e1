"""What stands while a browser looks at it? The town of `make demo`: a shop, a video service, Takeback, a mailbox."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from takeback.demo.mailbox import Mailbox
from takeback.demo.places import source_tree
from takeback.demo.processes import Processes, python
from takeback.demo.town import HOLD_SECONDS, Town, open_up, register_for_video, ship
from tests.browser.people import OLD_PASSWORD, Person, live, read_in, register

HOURS = 5 * 60 * 60  # seconds, as in life; staff end a hold when the test has seen it


@dataclass(frozen=True)
class PatientTown(Town):
    """The demo's town, in which a hold is as long as in life. `more`: further lines of its settings."""

    more: str = ""

    def write_configuration(self) -> None:
        """Write takeback.toml."""
        super().write_configuration()
        told = self.configuration_file.read_text(encoding="utf-8")
        assert f"hold_seconds = {HOLD_SECONDS}\n" in told
        patient = told.replace(f"hold_seconds = {HOLD_SECONDS}\n", f"hold_seconds = {HOURS}\n")
        self.configuration_file.write_text(f"{patient}\n{self.more}", encoding="utf-8")


@dataclass
class Night:
    """The town after the bad night of everybody in it."""

    town: Town
    mailbox: Mailbox
    processes: Processes

    def end_hold(self, case: str) -> None:
        """A member of staff lets a hold end now."""
        environment = {
            "TAKEBACK_CONFIG": str(self.town.configuration_file),
            "DJANGO_SETTINGS_MODULE": "takeback.settings",
        }
        self.processes.run("staff", python("-m", "tests.browser.staff", case), environment, self.town.root)

    def hire(self, name: str, role: str) -> str:
        """Somebody new at the desk; the address with which she sets her password and her second factor."""
        command = python("-m", "takeback.cli", "staff", "add", name, "--role", role)
        environment = {"TAKEBACK_CONFIG": str(self.town.configuration_file)}
        said = self.processes.run("staff add", command, environment, self.town.root)
        found = re.search(r"https?://\S+", said)
        assert found is not None, said
        return found[0]


@contextmanager
def the_night(
    folder: Path,
    people: tuple[Person, ...],
    *,
    before: Callable[[str, Person], None] | None = None,
    more: str = "",
) -> Iterator[Night]:
    """Start everything and let everybody live; all of it ends with the block. `before`: what else happened, before the
    night; `more`: further settings of Takeback's.
    """
    town = PatientTown(source_tree(), folder, more=more)
    with Mailbox(town.smtp_port) as mailbox, Processes(folder / "logs") as processes:
        open_up(town, processes, lambda _: None)
        for number, person in enumerate(people, start=1):  # so a new shop numbers its customers
            register(town.shop_url, person)
            at = datetime.now(UTC) - timedelta(days=364)
            register_for_video(town, processes, str(number), at, person.email, OLD_PASSWORD)
            read_in(town.video_url, person)
        with ThreadPoolExecutor(len(people)) as pool:
            stolen = [*pool.map(lambda person: live(town.shop_url, person, before), people)]
        ship(town, processes, [orders[0] for orders in stolen], datetime.now(UTC) - timedelta(minutes=10))
        yield Night(town, mailbox, processes)
