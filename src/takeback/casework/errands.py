"""How is a service asked? One thread a service sends its open actions in order, waits and tries again, and reads the
account back.

What is heard is looked at every 50 ms and when an errand is over, not at each answer: threads that wake each other for
every answer take more of the processor than the answers do, when many accounts are stopped at once.

A service that is down holds up no other one. A failure that may pass is tried again with growing, jittered waits for
as long as one run may last; `Retry-After` is obeyed. What the service takes its time over (`accepted`) is asked after
until the run ends.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential_jitter

from takeback.casework.hands import lend
from takeback.casework.ports import ActionRecord, Service
from takeback.casework.refunds import Before, moves_money, still_owed
from takeback.casework.seats import stood_up
from takeback.core.errors import OutsideError
from takeback.core.events import Json
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Outcome
from takeback.core.undo.plan import ActionKind

T = TypeVar("T")
REFUNDED = "balance.refunded_by_cancellation"
REFUNDING = (ActionKind.CANCEL_ORDER, ActionKind.INTERCEPT_ORDER)
_SETTLED = (Outcome.DONE, Outcome.ALREADY_DONE, Outcome.IMPOSSIBLE)


@dataclass(frozen=True, slots=True)
class Answered:
    """A service answered. `why` is a key where Takeback itself knows a reason."""

    row: ActionRecord
    answer: ActionAnswer
    attempts: int
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A service did not answer, this time; its further rows were left alone."""

    row: ActionRecord
    error: OutsideError
    attempts: int


@dataclass(frozen=True, slots=True)
class Back:
    """The account as the service holds it after the acts; None where it has no such account."""

    source: str
    snapshot: AccountSnapshot | None


@dataclass(frozen=True, slots=True)
class Unread:
    """The service answered, and not with an account that can be read: trying again will not help."""

    source: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing was heard for a while: a good moment to write down what was."""


Heard = Answered | Failed | Back | Unread | Quiet
QUIET = 0.05  # seconds


def run_errands(
    account: str,
    errands: Mapping[Service, Sequence[ActionRecord]],
    before: Mapping[str, Before],
    try_for: float,
) -> Iterator[Heard]:
    """Run an errand to each service side by side; yields what is heard, as it is heard, in each service's own order."""
    told: deque[Heard] = deque()
    over: SimpleQueue[BaseException | None] = SimpleQueue()
    deadline = monotonic() + try_for

    def go(service: Service, rows: Sequence[ActionRecord]) -> None:
        raised: BaseException | None = None
        try:
            _Errand(service, account, before.get(service.source), deadline, told.append).run(rows)
        except OutsideError:
            pass  # told as Failed already, or the account could not be read: a later run reads it
        except BaseException as error:  # raised again in the thread of the phase
            raised = error
        over.put(raised)

    under_way = [lend(partial(go, service, rows)) for service, rows in errands.items()]
    try:
        running = len(under_way)
        while running:
            raised, is_over = _next(over)
            running -= is_over
            if not (told or is_over):
                yield Quiet()
            while told:
                yield told.popleft()
            if raised is not None:
                raise raised
    finally:
        with stood_up():
            wait(under_way)


def _next(over: "SimpleQueue[BaseException | None]") -> tuple[BaseException | None, bool]:
    """What an errand ended with, and whether one did, within a moment."""
    try:
        with stood_up():
            return over.get(timeout=QUIET), True
    except Empty:
        return None, False


@dataclass(slots=True)
class _Errand:
    service: Service
    account: str
    before: Before | None  # the balances as noted before the undoing; None where they could not be
    deadline: float
    tell: Callable[[Heard], None]
    attempts: int = 0

    def run(self, rows: Sequence[ActionRecord]) -> None:
        open_rows = [row for row in rows if row.outcome not in _SETTLED]
        if self.before is None and moves_money(open_rows):
            error = OutsideError("the balances could not be read before the undoing", permanent=False)
            self.tell(Failed(open_rows[0], error, 1))
            raise error
        # A cancellation that the service takes its time over may still refund: the balances wait for it.
        if self._all_settled([row for row in open_rows if row.action != ActionKind.ADJUST_BALANCE]):
            self._all_settled([row for row in open_rows if row.action == ActionKind.ADJUST_BALANCE])
        try:
            snapshot = self._try(lambda: self.service.account(self.account))
        except OutsideError as error:
            if error.permanent:
                self.tell(Unread(self.service.source))
            raise
        self.tell(Back(self.service.source, snapshot))

    def _all_settled(self, rows: Sequence[ActionRecord]) -> bool:
        """Do these; False where one of them that may move money has not come to its end within this run."""
        pending = [row for row in rows if self._told(row).answer.outcome is Outcome.ACCEPTED]
        late = [row for row in pending if not self._follow(row)]
        return not any(row.action in REFUNDING for row in late)

    def _told(self, row: ActionRecord) -> Answered:
        self.attempts = 0
        try:
            answered = self._try(lambda: self._do(row))
        except OutsideError as error:
            self.tell(Failed(row, error, self.attempts))
            raise
        self.tell(answered)
        return answered

    def _do(self, row: ActionRecord) -> Answered:
        if row.outcome is Outcome.ACCEPTED:
            return Answered(row, self.service.outcome(row.id), 1)
        args: Mapping[str, Json] = row.args
        if row.action == ActionKind.ADJUST_BALANCE:
            owed = still_owed(row.args, self.before or {}, self.service.account(self.account))
            if owed is None:
                return Answered(row, ActionAnswer(row.id, Outcome.ALREADY_DONE), self.attempts, REFUNDED)
            args = owed
        answer = self.service.act(ActionRequest(row.id, self.account, row.action, args))
        return Answered(row, answer, self.attempts)

    def _follow(self, row: ActionRecord) -> bool:
        """Ask what became of an action that the service took its time over, until it is settled (True) or the run is
        over.
        """
        wait = 0.05
        while monotonic() + wait < self.deadline:
            sleep(wait)
            answer = self._try(lambda: self.service.outcome(row.id))
            if answer.outcome is not Outcome.ACCEPTED:
                self.tell(Answered(row, answer, 0))
                return True
            wait = min(wait * 2, 2.0)
        return False

    def _try(self, do: Callable[[], T]) -> T:
        """Nearly always the first try is the last one: only what fails gets what tries again."""
        self.attempts += 1
        try:
            return do()
        except OutsideError as error:
            if error.permanent:
                raise
            failed = [error]

        def again() -> T:
            if failed:  # the first try, as it went
                raise failed.pop()
            self.attempts += 1
            return do()

        return Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, OutsideError) and not error.permanent),
            wait=_wait,
            stop=lambda state: monotonic() + state.upcoming_sleep > self.deadline,
            reraise=True,
        )(again)


_growing = wait_exponential_jitter(multiplier=0.1, max=5.0, jitter=0.1)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, OutsideError) and error.retry_after is not None else 0.0
    return max(_growing(state), asked)
