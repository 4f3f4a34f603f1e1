"""How does each service stand? Stopped or not, as it was last read back; nobody is asked for it now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from takeback.casework.ledger import Part
from takeback.casework.looking import LOOKED
from takeback.casework.ports import ActionRecord, Entry
from takeback.core.events import Event
from takeback.core.service import Outcome
from takeback.core.undo.plan import CONTAINMENT, ActionKind

READ_BACK = "service.read_back"


@dataclass(frozen=True, slots=True)
class Contained:
    """One containing action at one service: its row in the ledger, None where nothing was intended."""

    action: ActionKind
    record: ActionRecord | None

    @property
    def holds(self) -> bool | None:
        """As read back; None while that is not known."""
        return None if self.record is None else self.record.read_back_ok


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service that the settings name, or that events speak of. `stopped` is None where it never was read back.
    `sessions`, `password` and `absent` are of the last reading; `looked_at` is when it was last asked for the account.
    """

    source: str
    in_settings: bool
    stopped: bool | None
    contained: tuple[Contained, ...]
    let_go: bool
    read_at: datetime | None
    sessions: int | None
    password: str
    absent: bool
    unread: bool
    events: int
    last_event: datetime | None

    @property
    def is_void(self) -> bool:
        """True where the password opened nothing any more when it was last read."""
        return self.password == "disabled"  # noqa: S105 - a state's name


def services_of(
    sources: Sequence[str], rows: Sequence[ActionRecord], log: Sequence[Entry], events: Sequence[Event]
) -> tuple[ServiceState, ...]:
    """Every service's state, from the ledger and the log of the case; `sources` are those of the settings."""
    counts = Counter([event.source for event in events])
    last = {event.source: event.time for event in events}
    every = [*sources, *sorted((counts.keys() | {row.source for row in rows}) - set(sources))]
    read = {str(entry.evidence.get("source")): entry for entry in log if entry.what == READ_BACK}
    silent = _silent(log)
    return tuple(
        _state(source, source in sources, rows, read.get(source), (counts[source], last.get(source)), silent)
        for source in every
    )


def _silent(log: Sequence[Entry]) -> frozenset[str]:
    """The services that did not answer when they were last looked at."""
    looked = next((entry for entry in reversed(log) if entry.what == LOOKED), None)
    unread = looked.evidence.get("unread") if looked is not None else None
    return frozenset(str(one) for one in unread) if isinstance(unread, list) else frozenset()


def _state(
    source: str,
    in_settings: bool,
    rows: Sequence[ActionRecord],
    read: Entry | None,
    told: tuple[int, datetime | None],
    silent: frozenset[str],
) -> ServiceState:
    here = {row.action: row for row in rows if row.source == source and row.phase == Part.FREEZE}
    contained = tuple(Contained(kind, here.get(kind.value)) for kind in CONTAINMENT)
    let_go = any(
        row.action == ActionKind.UNFREEZE and row.outcome in (Outcome.DONE, Outcome.ALREADY_DONE)
        for row in rows
        if row.source == source and row.phase == Part.HAND_BACK
    )
    evidence: Mapping[str, object] = read.evidence if read is not None else {}
    sessions = evidence.get("sessions")
    return ServiceState(
        source=source,
        in_settings=in_settings,
        stopped=contained[0].holds,
        contained=contained,
        let_go=let_go,
        read_at=read.at if read is not None else None,
        sessions=sessions if isinstance(sessions, int) else None,
        password=str(evidence.get("password", "")),
        absent=evidence.get("account") == "absent",
        unread=source in silent,
        events=told[0],
        last_event=told[1],
    )
