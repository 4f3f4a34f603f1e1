"""What was said, sent, done and written down? Conversation, reports, letters, the ledger of actions, the case's log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from takeback.casework.dossier import Dossier
from takeback.casework.dossier_services import ServiceState
from takeback.casework.ports import ActionRecord, Entry
from takeback.casework.talks import Turn, Voice
from takeback.core.service import Outcome
from takeback.web.desk.case.hidden import free, plain, value_of
from takeback.web.desk.case.phrases import SHORT, Phrases
from takeback.web.desk.case.plan import record_state, told_action

LEDGER, LOG, LETTERS, TALKS, TURNS = 60, 50, 40, 6, 40
WORDS = 2000  # characters of what somebody said


@dataclass(frozen=True, slots=True)
class TurnShown:
    """One thing that was said."""

    who: str
    when: str
    text: str
    ours: bool


@dataclass(frozen=True, slots=True)
class ActionShown:
    """A row of the ledger."""

    id: str
    phase: str
    what: str
    source: str
    state: str
    state_told: str
    attempts: int
    done: str
    back: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the case's log; the evidence as masked, bounded text."""

    seq: int
    when: str
    who: str
    what: str
    why: str
    evidence: str
    digest: str


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter that was sent, or is being sent."""

    what: str
    to: str
    when: str


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """A service. `state` is a key: stopped, open, let_go, unknown; `parts` say what of containment holds."""

    source: str
    state: str
    state_told: str
    read: str
    notes: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]  # what, state, in words
    events: str


@dataclass(frozen=True, slots=True)
class Papers:
    """All that was written down; the newest lines of long lists."""

    talks: tuple[tuple[TurnShown, ...], ...]
    report: str
    ledger: tuple[ActionShown, ...]
    more_ledger: int
    log: tuple[LogLine, ...]
    more_log: int
    letters: tuple[LetterShown, ...]
    more_letters: int


def papers_of(dossier: Dossier, phrases: Phrases) -> Papers:
    """The papers of a case's page."""
    letters = dossier.letters[-LETTERS:]
    talks = tuple(tuple(_turns(turns, phrases)) for _, turns in dossier.talks[-TALKS:])
    report = free(dossier.case.report_text, WORDS)
    return Papers(
        talks=talks,
        report="" if any(turn.text == report for turns in talks for turn in turns) else report,
        ledger=tuple(_action(row, phrases) for row in dossier.ledger[:LEDGER]),
        more_ledger=max(len(dossier.ledger) - LEDGER, 0),
        log=tuple(log_line(entry, phrases) for entry in dossier.log[-LOG:][::-1]),
        more_log=max(len(dossier.log) - LOG, 0),
        letters=tuple(
            LetterShown(
                phrases.maybe(f"sent.{one.template}", one.template),
                plain(one.to, 60),
                phrases.moment(one.sent_at) if one.sent_at else phrases.say("letter_waits"),
            )
            for one in letters
        ),
        more_letters=max(len(dossier.letters) - LETTERS, 0),
    )


def log_line(entry: Entry, phrases: Phrases) -> LogLine:
    """One line of a case's log."""
    at = f"{phrases.day(entry.at)} {phrases.time(entry.at)}"
    evidence = value_of("evidence", dict(entry.evidence), 200)
    return LogLine(
        entry.seq, at, plain(entry.who, 60), plain(entry.what), plain(entry.why), evidence, entry.digest[:12]
    )


def services_shown(services: Iterable[ServiceState], phrases: Phrases) -> tuple[ServiceShown, ...]:
    """How each service stands."""
    return tuple(_service(one, phrases) for one in services)


def _turns(turns: Sequence[Turn], phrases: Phrases) -> Iterable[TurnShown]:
    for turn in turns[-TURNS:]:
        text = free(turn.text, WORDS)
        if not text and turn.line is not None:
            text = phrases.maybe(f"talk.{turn.line}", turn.line)
        ours = turn.voice is Voice.OURS
        yield TurnShown(phrases.say("voice_ours" if ours else "voice_customer"), phrases.moment(turn.at), text, ours)


def _action(row: ActionRecord, phrases: Phrases) -> ActionShown:
    state, told = record_state(row, phrases)
    return ActionShown(
        id=row.id[:12],
        phase=phrases.maybe(f"desk_case.phase_{row.phase}", row.phase),
        what=told_action(row.action, dict(row.args), phrases),
        source=plain(row.source, 60),
        state=state,
        state_told=told,
        attempts=row.attempts,
        done=phrases.moment(row.done_at),
        back=phrases.moment(row.read_back_at),
    )


def _service(one: ServiceState, phrases: Phrases) -> ServiceShown:
    state = "let_go" if one.let_go else {True: "stopped", False: "open", None: "unknown"}[one.stopped]
    notes = []
    if not one.in_settings:
        notes.append(phrases.say("service_not_in_settings"))
    if one.absent:
        notes.append(phrases.say("service_absent"))
    elif one.sessions is not None:
        notes.append(phrases.say("service_sessions", count=one.sessions))
        notes.append(phrases.say("service_void" if one.is_void else "service_password_set"))
    if one.unread:
        notes.append(phrases.say("service_unread"))
    parts = []
    for contained in one.contained:
        if contained.record is None:
            continue
        part, told = record_state(contained.record, phrases)
        if contained.record.outcome is Outcome.IMPOSSIBLE and contained.record.read_back_ok is None:
            part = "failed"
        parts.append((phrases.maybe(f"action.{contained.action}", contained.action), part, told))
    last = f", {phrases.say('last_event', when=phrases.moment(one.last_event))}" if one.last_event else ""
    return ServiceShown(
        source=plain(one.source, SHORT * 2),
        state=state,
        state_told=phrases.say(f"service_{state}"),
        read=phrases.say("read_at", when=phrases.moment(one.read_at)) if one.read_at else phrases.say("never_read"),
        notes=tuple(notes),
        parts=tuple(parts),
        events=phrases.say("events_count", count=f"{one.events:,}") + last,
    )
