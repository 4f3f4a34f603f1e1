"""What may go wrong with a shop? Each kind of trouble that a test, or a trial, can make the pretend shop have."""

from dataclasses import dataclass, field

from takeback.core.errors import OutsideError
from takeback.core.service import ActionAnswer, ActionRequest, Outcome


class Failed(OutsideError):
    """The shop answered 500."""

    def __init__(self) -> None:
        super().__init__("The shop answered 500.", permanent=False)


class NoAnswer(OutsideError):
    """The shop took the request and did not answer in time."""

    def __init__(self) -> None:
        super().__init__("The shop did not answer in time.", permanent=False)


class Down(OutsideError):
    """The shop cannot be reached."""

    def __init__(self) -> None:
        super().__init__("The shop cannot be reached.", permanent=False)


@dataclass
class Trouble:
    """Counts go down as the trouble happens; a trouble at zero is over. The default is none.

    `fail`         answers 500 so many times, without doing anything
    `time_out`     gives no answer so many times, without doing anything
    `lose_answer`  does it, and the answer gets lost, so many times: the caller asks again and is answered twice
    `later`        answers `accepted` to every new action; it is carried out at the question with this number
    `impossible`   action name -> reason: answers `impossible`
    `down`         nobody answers at all, until it is False again
    `hang`         seconds that a served shop keeps a request that it will not answer
    """

    fail: int = 0
    time_out: int = 0
    lose_answer: int = 0
    later: int = 0
    impossible: dict[str, str] = field(default_factory=dict)
    down: bool = False
    hang: float = 5.0

    def before(self) -> None:
        """Raise what keeps the shop from even beginning."""
        if self.down:
            raise Down
        if self.fail > 0:
            self.fail -= 1
            raise Failed
        if self.time_out > 0:
            self.time_out -= 1
            raise NoAnswer

    def after(self) -> None:
        """Raise what keeps the answer from arriving."""
        if self.lose_answer > 0:
            self.lose_answer -= 1
            raise NoAnswer

    def instead(self, request: ActionRequest) -> ActionAnswer | None:
        """The answer that is given without trying, or None."""
        reason = self.impossible.get(request.action)
        return None if reason is None else ActionAnswer(request.id, Outcome.IMPOSSIBLE, reason)
