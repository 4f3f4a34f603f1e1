"""What becomes of a request whose items were read? The good ones are stored and each bad one is told; or, for who asked
for all or nothing, nothing is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from takeback import measures
from takeback.core.events import Event
from takeback.web.door.forms import STRUCTURED, Fault, Item
from takeback.web.door.refusal import Refusal, Told

MOST_TOLD = 100  # faults in one answer
MOST_FAULTS = 1_000  # in one request: past this it is no feed of events, and reading on is for nothing
STRICT = "handling=strict"  # RFC 7240, section 4.4


@dataclass(slots=True)
class Read:
    """What was read of one request."""

    form: str
    events: list[tuple[Event, bytes]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def take(self, items: Sequence[Item | None]) -> None:
        """Sort these items. `Refusal` where nothing of the request is stored."""
        for item in items:
            if isinstance(item, tuple):
                self.events.append(item)
            elif item is not None:
                measures.refused(item.why)
                self.faults.append(item)
        if len(self.faults) > MOST_FAULTS:
            detail = f"more than {MOST_FAULTS} events of it are wrong, and none of it was stored"
            raise self._nothing(detail)
        if self.faults and self.form == STRUCTURED:
            (fault,) = self.faults
            raise Refusal(fault.status, fault.detail, why="", field=fault.field)

    def must_be_whole(self) -> None:
        """`Refusal` unless everything is good: 422 with what is wrong, 403 where all of it is another source's."""
        if self.faults:
            many = len(self.faults) + len(self.events)
            raise self._nothing(f"{len(self.faults)} of {many} events are refused, and so none was stored")

    def _nothing(self, detail: str) -> Refusal:
        foreign = all(fault.status is HTTPStatus.FORBIDDEN for fault in self.faults)
        status = HTTPStatus.FORBIDDEN if foreign else HTTPStatus.UNPROCESSABLE_ENTITY
        refusal = Refusal(status, detail, why="", refused=len(self.faults))
        refusal.told |= self._told()
        return refusal

    def _told(self) -> Told:
        told: Told = {"errors": [fault.told for fault in self.faults[:MOST_TOLD]]}
        untold = len(self.faults) - MOST_TOLD
        return told | {"untold": untold} if untold > 0 else told

    def answer(self, stored: int, repeated: int) -> tuple[HTTPStatus, Told]:
        """200 when all was good; else 207 with each that was not."""
        told: Told = {"stored": stored, "repeated": repeated}
        if not self.faults:
            return HTTPStatus.OK, told
        return HTTPStatus.MULTI_STATUS, told | {"refused": len(self.faults)} | self._told()


def is_strict(prefer: str) -> bool:
    """True when the header `Prefer` asks for all or nothing."""
    return bool(prefer) and any(part.strip().lower() == STRICT for part in prefer.replace(";", ",").split(","))
