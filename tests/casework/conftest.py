"""What does a test of casework stand on? Real stores, pretend shops, letters in a list, a clock to turn."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from takeback.bootstrap import House, build_event_log
from takeback.casework.engine import run_phase
from takeback.casework.phases import PHASES
from takeback.casework.ports import Letter
from takeback.casework.progress import Purpose
from takeback.casework.proof import enter
from takeback.casework.report import hand_in
from takeback.casework.starter import name_of
from takeback.configuration import Configuration
from takeback.core.case import Case, Language
from takeback.core.errors import OutsideError
from takeback.core.events import parse_event
from takeback.mail.notices import MailNotices
from takeback.shops.pretend import PretendShop
from takeback.store.cases import DjangoCaseStore
from tests.casework.life import ACCOUNT, NOW, bad_night, ordinary_days


@dataclass
class Clock:
    """A clock that a test turns."""

    at: datetime = NOW

    def now(self) -> datetime:
        """The time."""
        return self.at

    def turn(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


@dataclass
class Postbox:
    """Keeps letters. `broken` lets every sending fail."""

    letters: list[Letter] = field(default_factory=list)
    broken: OutsideError | None = None

    def send(self, letter: Letter) -> None:
        """Keep the letter."""
        if self.broken is not None:
            raise self.broken
        self.letters.append(letter)

    def named(self, template: str) -> list[Letter]:
        """The letters of one template."""
        return [letter for letter in self.letters if letter.template == template]


@dataclass
class Queue:
    """Phases that wait, in this process; the engine's own way of running one."""

    clock: Clock
    waiting: list[tuple[datetime, int, str, str, tuple[str, ...]]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def start(self, phase: str, *args: str, because: str, after: float = 0.0) -> None:
        """Put a phase in, once for each reason."""
        row = name_of(phase, args[0], because)
        if row not in self.names:
            self.names.add(row)
            due = self.clock.now() + timedelta(seconds=after)
            heapq.heappush(self.waiting, (due, len(self.names), row, phase, args))

    def move(self, phase: str, case: str, because: str, after: float) -> None:
        """Let a phase begin at another time."""
        row = name_of(phase, case, because)
        due = self.clock.now() + timedelta(seconds=after)
        self.waiting = [(due, *rest) if rest[1] == row else (at, *rest) for at, *rest in self.waiting]  # type: ignore[misc]
        heapq.heapify(self.waiting)

    def prune(self, before: datetime) -> int:  # noqa: ARG002 - the shape of a starter
        """Nothing is kept of what was run."""
        return 0

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Town:
    """A house with its shops, and what a test does with them."""

    house: House
    clock: Clock
    postbox: Postbox
    queue: Queue
    shop: PretendShop
    video: PretendShop
    told: dict[str, int] = field(default_factory=dict)

    def tell(self) -> None:
        """Let the shops tell all that has happened since they last told."""
        for shop in (self.shop, self.video):
            told = self.told.get(shop.source, 0)
            texts = [msgspec.json.encode(event) for event in shop.events[told:]]
            if texts:
                self.house.event_log.append([(parse_event(text), text) for text in texts])
                self.told[shop.source] = told + len(texts)

    def run(self, *, until: datetime | None = None) -> None:
        """Run every phase that is due (or due by `until`, turning the clock), and let the shops tell in between."""
        while self.queue.waiting and self.queue.waiting[0][0] <= (until or self.clock.now()):
            due, _, row, phase, args = heapq.heappop(self.queue.waiting)
            self.clock.at = max(self.clock.at, due)
            run_phase(self.house, phase, PHASES[phase], args, row)
            self.tell()

    def report(self, account: str = ACCOUNT, *, text: str = "買っていない商品が勝手に購入されている") -> Case | None:
        """Somebody reports the account; all that follows at once is done."""
        hand_in(self.house, account, text, Language.JA)
        self.run()
        return self.case

    @property
    def case(self) -> Case | None:
        """The account's newest case."""
        return next(iter(self.house.cases.of_account(ACCOUNT)), None)

    def code(self, case: Case, purpose: Purpose) -> str:
        """Ask for a code and read it in the mail that came last."""
        self.queue.start("code", case.id, purpose.value, because=f"asked-{len(self.queue.names)}")
        self.run()
        return code_in(self.postbox.named("code")[-1])

    def prove(self, case: Case, purpose: Purpose = Purpose.PROOF) -> None:
        """The owner returns a code; what waited for it is done."""
        assert enter(self.house, case.id, self.code(case, purpose))
        self.run()


def code_in(letter: Letter) -> str:
    """The code that a letter brings."""
    line = next(line for line in letter.text.splitlines() if line.startswith(("確認コード：", "Code: ")))
    return line.partition("：" if "：" in line else ": ")[2]


def _town(configuration: Configuration, *, night: bool) -> Town:
    clock, postbox = Clock(), Postbox()
    shop = PretendShop("/shops/oscar", clock=clock.now)
    video = PretendShop("/services/video", clock=clock.now)
    queue = Queue(clock)
    house = House(
        configuration=configuration,
        clock=clock,
        event_log=build_event_log(configuration),
        cases=DjangoCaseStore(chain_key=configuration.key("case log")),
        services=(shop, video),
        mailer=postbox,
        notices=MailNotices(postbox),
        starter=queue,  # type: ignore[arg-type]  # a queue in this process instead of the engine's
    )
    ordinary_days(shop)
    ordinary_days(video)
    if night:
        bad_night(shop)
    here = Town(house, clock, postbox, queue, shop, video)
    here.tell()
    return here


@pytest.fixture
def town(cases_path: Path, configuration: Configuration) -> Iterator[Town]:
    """A shop and a video service in which Hanako's night has happened, and a house that has been told."""
    assert cases_path == configuration.cases_path
    here = _town(configuration, night=True)
    yield here
    here.house.event_log.close()


@pytest.fixture
def clean(cases_path: Path, configuration: Configuration) -> Iterator[Town]:
    """The same without the night."""
    assert cases_path == configuration.cases_path
    here = _town(configuration, night=False)
    yield here
    here.house.event_log.close()
