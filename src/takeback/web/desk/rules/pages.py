"""How are rules seen and changed? A change is tried on past cases first: only what was tried can be set, by the admin
who tried it, within the hour.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.core.signing import BadSignature, dumps, loads
from django.http import HttpResponse

from takeback.bootstrap import house
from takeback.casework import rules as casework
from takeback.casework.rulebook import Version, read, written
from takeback.casework.rules_words import problem
from takeback.core.errors import CaseRefused
from takeback.core.permission import Verb
from takeback.core.rules import Rules, changes, with_values
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.rules.shown import MOST_VERSIONS, Reader, history, sections, waiting
from takeback.web.desk.shown import page, redirect
from takeback.web.words import language_of
from takeback.web.zone import told as told_in
from takeback.web.zone import zone_of
from takeback.words import say

HERE = "/desk/rules"
DAYS = 90  # of past cases, unless another number is asked for
_SALT, _HOUR = "takeback rules tried", 3600


@desk(Verb.READ_RULES)
def rules(request: DeskRequest) -> HttpResponse:
    """Every rule as it holds, and the form to try others."""
    return shown(request)


def shown(
    request: DeskRequest,
    *,
    texts: Mapping[str, str] | None = None,
    days: str = str(DAYS),
    problems: tuple[str, ...] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page, with what was written in its form and what is wrong with that."""
    here, reader = house(), reader_of(request)
    book = here.rules
    versions = book.table.versions(MOST_VERSIONS)
    wish = book.wish(here.clock.now())
    values = {
        "sections": sections(reader, book, versions, texts),
        "version": _version(reader, versions),
        "currency": reader.say("currency", currency=book.defaults.currency),
        "wish": None if wish is None else waiting(reader, book, wish),
        "history": history(reader, book, versions),
        "base": versions[0].number if versions else 0,
        "days": days,
        "problems": problems,
        "may_try": request.staff.may(Verb.TRY_RULES),
        "may_change": request.staff.may(Verb.CHANGE_RULES),
    }
    return page(request, "rules", values, status=status)


def reader_of(request: DeskRequest) -> Reader:
    """How rules are said to whoever looks; who may change nothing sees no whole address of staff."""
    language, zone = language_of(request), zone_of(request, house())
    return Reader(language, lambda at: told_in(language, at, zone), whole=request.staff.may(Verb.TRY_RULES))


def _version(reader: Reader, versions: Sequence[Version]) -> str:
    if not versions:
        return reader.say("version_none")
    newest = versions[0]
    return reader.say("version_by", number=newest.number, at=reader.told(newest.at), by=newest.by)


@desk(Verb.CHANGE_RULES, post=True)
def change(request: DeskRequest) -> HttpResponse:
    """Set what was tried; what is less careful than its default waits for a second admin."""
    language = language_of(request)
    tried = opened(request.POST.get("tried", ""), request.staff.name)
    if tried is None:
        return shown(request, problems=(say(language, "desk_rules.change_old"),), status=HTTPStatus.CONFLICT)
    base, wished = tried
    try:
        answer = casework.change(house(), wished, base=base, by=request.staff.name, why=request.POST.get("why", ""))
    except CaseRefused as refusal:
        return refused(request, refusal)
    if answer.came is casework.Came.REFUSED:
        defaults = house().rules.defaults
        found = tuple(problem(language, one, defaults) for one in answer.problems)
        return shown(request, problems=found, status=HTTPStatus.CONFLICT)
    holds = answer.came is casework.Came.HOLDS
    return redirect(request, HERE, "desk_rules.note_changed" if holds else "desk_rules.note_asked")


@desk(Verb.CHANGE_RULES, post=True)
def agree(request: DeskRequest) -> HttpResponse:
    """The second admin agrees to a change that waits."""
    try:
        casework.agree(house(), _wish(request), by=request.staff.name)
    except CaseRefused as refusal:
        return refused(request, refusal)
    return redirect(request, HERE, "desk_rules.note_agreed")


@desk(Verb.CHANGE_RULES, post=True)
def withdraw(request: DeskRequest) -> HttpResponse:
    """Take a change back that waits."""
    try:
        casework.withdraw(house(), _wish(request), by=request.staff.name)
    except CaseRefused as refusal:
        return refused(request, refusal)
    return redirect(request, HERE, "desk_rules.note_withdrawn")


def refused(request: DeskRequest, refusal: CaseRefused) -> HttpResponse:
    """The rules as they now hold, and why nothing was changed."""
    why = say(language_of(request), f"refusal.{refusal.key}")
    return shown(request, problems=(why,), status=HTTPStatus.CONFLICT)


def sealed(base: int, wished: Rules, by: str) -> str:
    """What was tried, so that it alone can be set: signed, for this admin."""
    version = {one.name: written(one.after) for one in changes(house().rules.defaults, wished)}
    return dumps({"base": base, "values": version, "by": by}, salt=_SALT)


def opened(text: str, by: str) -> tuple[int, Rules] | None:
    """The version and the rules that `sealed` was given; None for another's, or one over an hour old."""
    try:
        told = loads(text, salt=_SALT, max_age=_HOUR)
    except BadSignature:
        return None
    if told["by"] != by:
        return None
    return told["base"], with_values(house().rules.defaults, read(told["values"]))


def _wish(request: DeskRequest) -> int:
    said = request.POST.get("wish", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
