"""What is to be done first? The queue: each open case with the reasons for its place, live, and claims.

The names of customers are nowhere in it, and nobody is found by one: a case by its id, an account by its id.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takeback.bootstrap import house
from takeback.casework import claiming
from takeback.casework.queue import Place, queue
from takeback.core.case import Case, Stage
from takeback.core.permission import Verb
from takeback.core.urgency import Pressing, Why
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import finished, page, redirect, stand
from takeback.web.desk.work.acting import of_case
from takeback.web.desk.work.told import Telling, telling_of
from takeback.words import say

FILTERS = ("all", "mine", "unclaimed", "approval", "calls", "hold", "tasks")
A_PAGE = 50
SECONDS, SECONDS_WHILE_WEIGHING = 10, 2  # between two looks
LONGEST_SEARCH = 200
Live = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue, in words."""

    id: str
    account: str
    stage: str
    reasons: tuple[str, ...]
    since: str
    clock: str
    late: bool
    claimed_by: str
    mine: bool
    claimed_until: str
    may_claim: bool
    may_take_over: bool
    weighed: bool
    call: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, where it leads, and how many cases it shows."""

    href: str
    text: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as it is shown. `version` changes with anything that is shown."""

    rows: tuple[Row, ...]
    filters: tuple[Filter, ...]
    asked: str
    found: int
    number: int
    pages: int
    before: str
    after: str
    live: str
    weighing: int

    @property
    def version(self) -> str:
        """Another one when anything that is shown has changed."""
        return sha256(repr(self).encode()).hexdigest()[:16]


@desk(Verb.LIST_CASES)
def show_queue(request: DeskRequest) -> HttpResponse:
    """The page."""
    return page(request, "queue", _values(request))


def back_to_the_door(view: Live) -> Live:
    """Where the session has ended meanwhile, the whole page is asked for again, which leads to the door; else the
    door's own page would appear in the middle of the list.
    """

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        answer = view(request)
        if "HX-Request" in request.headers and answer.status_code in (HTTPStatus.FOUND, HTTPStatus.FORBIDDEN):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return answer

    return checked


@back_to_the_door
@desk(Verb.LIST_CASES)
def live(request: DeskRequest) -> HttpResponse:
    """The list as it is now; 204 when it is as `v` says."""
    values = _values(request)
    shown = values["queue"]
    if isinstance(shown, Queue) and request.GET.get("v") == shown.version:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return finished(request, render(request, "desk/work_queue_rows.html", stand(request) | values))


@desk(Verb.CLAIM_CASE, post=True)
@of_case
def claim(request: DeskRequest, case: Case) -> HttpResponse:
    """Take a case, and go to it."""
    claiming.claim(house(), case.id, by=request.staff.name)
    return redirect(request, f"/desk/case/{case.id}", "desk_work.note_claimed")


@desk(Verb.CLAIM_CASE, post=True)
@of_case
def release(request: DeskRequest, case: Case) -> HttpResponse:
    """Give a case back, and go to the queue."""
    claiming.release(house(), case.id, by=request.staff.name)
    return redirect(request, "/desk/", "desk_work.note_released")


@desk(Verb.TAKE_OVER_CASE, post=True)
@of_case
def take_over(request: DeskRequest, case: Case) -> HttpResponse:
    """Take a case from whoever has it."""
    claiming.claim(house(), case.id, by=request.staff.name, over=True)
    return redirect(request, f"/desk/case/{case.id}", "desk_work.note_claimed")


def _values(request: DeskRequest) -> dict[str, object]:
    shown = queue_of(request, queue(house()))
    seconds = SECONDS_WHILE_WEIGHING if shown.weighing else SECONDS
    closed = [(case.id, case.account[:60]) for case in closed_named(request)]
    return {"queue": shown, "seconds": seconds, "closed": closed, "may_take": request.staff.may(Verb.TAKE_REPORT)}


def queue_of(request: DeskRequest, places: Sequence[Place]) -> Queue:
    """What of the queue is shown: a filter, a search, a page of it."""
    telling, me = telling_of(request), request.staff.name
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in FILTERS else "all"
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    kept = [place for place in places if _is(place, chosen, me)]
    if asked:
        kept = _named(asked, places)
    pages = max(-(-len(kept) // A_PAGE), 1)
    number = min(max(_number(request.GET.get("page", "")), 1), pages)
    shown = kept[(number - 1) * A_PAGE : number * A_PAGE]
    base = {"show": chosen} | ({"q": asked} if asked else {})
    return Queue(
        rows=tuple(_row(request, place, telling) for place in shown),
        filters=tuple(
            Filter(
                f"/desk/?show={one}",
                telling.say(f"filter_{one}"),
                sum(_is(p, one, me) for p in places),
                one == chosen and not asked,
            )
            for one in FILTERS
        ),
        asked=asked,
        found=len(kept),
        number=number,
        pages=pages,
        before=f"/desk/?{urlencode(base | {'page': number - 1})}" if number > 1 else "",
        after=f"/desk/?{urlencode(base | {'page': number + 1})}" if number < pages else "",
        live=f"/desk/live?{urlencode(base | {'page': number})}",
        weighing=sum(not place.weighed for place in places),
    )


def reasons_told(reasons: Iterable[Why], telling: Telling) -> tuple[str, ...]:
    """Why a case stands where it stands."""
    found = []
    for why in reasons:
        if why.key is Pressing.WAITING:
            continue  # said in a column of its own
        at = telling.ago(why.at) if why.at is not None else ""
        found.append(telling.say(f"why_{why.key}", count=why.count, money=telling.money(why.money), at=at))
    return tuple(found)


def _row(request: DeskRequest, place: Place, telling: Telling) -> Row:
    case, claimed, staff, clock = place.case, place.claim, request.staff, place.urgency.clock
    mine = claimed is not None and claimed.by == staff.name
    is_open = case.stage is not Stage.CLOSED
    return Row(
        id=case.id,
        account=case.account[:60],
        stage=say(telling.language, f"stage.{case.stage}"),
        reasons=reasons_told(place.urgency.reasons, telling),
        since=telling.span(telling.now - case.opened_at),
        clock=telling.say(f"clock_{clock.what}", at=telling.ago(clock.due)) if clock is not None else "",
        late=clock is not None and clock.late,
        claimed_by=claimed.by if claimed is not None else "",
        mine=mine,
        claimed_until=telling.moment(claimed.until) if claimed is not None else "",
        may_claim=is_open and claimed is None and staff.may(Verb.CLAIM_CASE),
        may_take_over=is_open and claimed is not None and not mine and staff.may(Verb.TAKE_OVER_CASE),
        weighed=place.weighed,
        call=place.call if staff.may(Verb.RECORD_CALL) else "",
    )


def _is(place: Place, chosen: str, me: str) -> bool:
    """True for a case that a filter shows."""
    match chosen:
        case "mine":
            return place.claim is not None and place.claim.by == me
        case "unclaimed":
            return place.claim is None and place.case.stage is not Stage.CLOSED
        case "approval":
            return place.facts.approval
        case "calls":
            return bool(place.call)
        case "hold":
            return place.case.stage is Stage.HOLD
        case "tasks":
            return place.facts.overdue > 0
        case _:
            return True


def _named(asked: str, places: Sequence[Place]) -> list[Place]:
    """The cases of this id, or of the account of this id, open or closed. Nobody is found by anything else."""
    found = [place for place in places if asked in (place.case.id, place.case.account)]
    return found or [
        place
        for place in places
        if len(asked) >= 4 and (place.case.id.startswith(asked) or place.case.account == asked)
    ]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def closed_named(request: HttpRequest) -> Sequence[Case]:
    """Closed cases that a search names, which stand in no queue."""
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    if not asked:
        return ()
    by_id = house().cases.case(asked)
    every = [*([by_id] if by_id is not None else []), *house().cases.of_account(asked)]
    return [*{case.id: case for case in every if case.stage is Stage.CLOSED}.values()][:20]
