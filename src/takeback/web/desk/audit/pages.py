"""Which lines has the book? Newest first, in words, with who looked at how much; and one line with its neighbours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse

from takeback.bootstrap import house
from takeback.casework import auditbook_told
from takeback.casework.auditbook import Act
from takeback.casework.auditbook_counted import LEAST, TIMES, looks
from takeback.casework.verifying import BEHIND, PINNED, RESTORED
from takeback.casework.verifying_noted import last_verified
from takeback.core.case import Language
from takeback.core.permission import Staff, Verb
from takeback.web.desk.audit.asked import Asked, asked_in
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import page
from takeback.web.words import language_of
from takeback.web.zone import told, zone_of
from takeback.words import known, say

A_PAGE = 50  # lines
SAME_LOOK = timedelta(minutes=15)  # in which looking again is the same look
SECONDS = 15  # for which the page looks at every line; the command line has as long as it takes


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the book as it is shown."""

    seq: int
    at: str
    who: str
    what: str
    key: str
    case: str
    why: str
    evidence: list[tuple[str, str]]
    digest: str
    may_open: bool  # the case, which an admin may not


@desk(Verb.READ_AUDIT)
def book(request: DeskRequest) -> HttpResponse:
    """The book, with the state of the last look at every line, and who looked at how much."""
    here, language, zone, asked = house(), language_of(request), zone_of(request, house()), asked_in(request.GET)
    _note_look(request.staff)
    since, until = asked.span(zone)
    acts = (
        []
        if asked.wrong_day
        else here.audit.acts(
            case=asked.case,
            who=asked.who,
            what=asked.what,
            since=since,
            until=until,
            before=asked.before,
            without=() if asked.pins or asked.what else (PINNED,),
            most=A_PAGE + 1,
        )
    )
    shown = acts[:A_PAGE]
    values = {
        "asked": asked,
        "lines": [line_of(one, language, zone, request.staff) for one in shown],
        "older": asked.href(shown[-1].seq) if len(acts) > A_PAGE else "",
        "newest": asked.href() if asked.before is not None else "",
        "people": _choices(here.audit.people(), lambda who: auditbook_told.person(language, who)),
        "verbs": _choices(here.audit.verbs(), lambda what: _verb(language, what)),
        "looks": [] if asked.narrowed else _looks(language),
        "stands_out": say(language, "desk_book.people_stands_out_hint", times=TIMES, least=LEAST[Verb.READ_CASE]),
        "checked": checked(language, zone),
        "hint": say(language, "desk_book.check_hint", seconds=SECONDS),
        "may_export": request.staff.may(Verb.EXPORT_AUDIT),
        "may_read_cases": request.staff.may(Verb.READ_CASE),
    }
    return page(request, "audit", values, status=HTTPStatus.BAD_REQUEST if asked.wrong_day else HTTPStatus.OK)


@desk(Verb.READ_AUDIT)
def line(request: DeskRequest, seq: int) -> HttpResponse:
    """One line, with its digest and the lines around it."""
    language, zone = language_of(request), zone_of(request, house())
    around = house().audit.acts(before=seq + 2, most=3)
    lines = {one.seq: one for one in around}
    if seq not in lines:
        raise Http404
    before = lines.get(seq - 1)
    values = {
        "line": line_of(lines[seq], language, zone, request.staff),
        "title": say(language, "desk_book.line_title", seq=f"{seq:,}"),
        "before": None if before is None else line_of(before, language, zone, request.staff),
        "after": seq + 1 if seq + 1 in lines else None,
    }
    return page(request, "audit_line", values)


def line_of(act: Act, language: Language, zone: ZoneInfo, staff: Staff) -> Line:
    """A line for this reader: what somebody wrote about a case is for those who may see cases."""
    sees = not act.case or staff.may(Verb.READ_CASE)
    return Line(
        act.seq,
        f"{act.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        auditbook_told.person(language, act.who),
        auditbook_told.act(language, act),
        act.what,
        act.case,
        why_of(act, language, sees=sees),
        auditbook_told.evidence(language, act) if sees else [],
        act.digest,
        bool(act.case) and staff.may(Verb.READ_CASE),
    )


def why_of(act: Act, language: Language, *, sees: bool) -> str:
    """Why it was done: a rule in words, or what the person wrote."""
    if known(language, key := f"desk_book.why.{act.why}"):
        return say(language, key)
    return act.why if sees or not act.why else say(language, "desk_book.why_hidden")


def checked(language: Language, zone: ZoneInfo) -> tuple[str, str]:
    """How everything stood when somebody last looked at every line: how good that is, and a sentence."""
    last = last_verified(house())
    behind, restored = (next(iter(house().audit.acts(what=what, most=1)), None) for what in (BEHIND, RESTORED))
    if behind is not None and all(later is None or later.seq < behind.seq for later in (last, restored)):
        return "bad", say(language, "desk_book.behind", at=told(language, behind.at, zone))
    if last is None:
        return "care", say(language, "desk_book.check_never")
    found = dict(last.evidence or {})
    kind = "bad" if found.get("wrong") else "good" if found.get("whole") else "part"
    numbers = {name: f"{found.get(name, 0):,}" for name in ("lines", "cases", "case_lines", "wrong")}
    at, who = told(language, last.at, zone), auditbook_told.person(language, last.who)
    return "care" if kind == "part" else kind, say(language, f"desk_book.check_{kind}", at=at, who=who, **numbers)


def _looks(language: Language) -> list[dict[str, object]]:
    return [
        {
            "who": auditbook_told.person(language, one.who),
            "href": Asked(who=one.who).href(),
            "cases": one.cases,
            "numbers": one.numbers,
            "prints": one.prints,
            "usual": "–" if one.usual is None else f"{one.usual:.1f}",
            "stands_out": one.stands_out,
        }
        for one in looks(house(), house().clock.now())
    ]


def _choices(keys: Sequence[str], words: Callable[[str], str]) -> list[tuple[str, str]]:
    return sorted(((key, words(key)) for key in keys), key=lambda choice: choice[1])


def _verb(language: Language, what: str) -> str:
    return say(language, f"desk_book.act.{what}") if known(language, f"desk_book.act.{what}") else what


def _note_look(staff: Staff) -> None:
    """Looking at the book is itself noted, once in a quarter of an hour."""
    here, who = house(), f"staff:{staff.name}"
    now = here.clock.now()
    last = here.audit.acts(who=who, what=Verb.READ_AUDIT.value, most=1)
    if not last or now - last[0].at >= SAME_LOOK:
        here.audit.note(Act(now, who, Verb.READ_AUDIT.value))
