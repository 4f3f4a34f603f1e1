"""How does staff call a customer? The list of calls, one call with its script, the number, proof, and what came of it.

A whole number is on a page only in the answer to the press that asked for it: never in an address, never on a page that
is looked at again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from secrets import token_hex

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from takeback.bootstrap import house
from takeback.casework import calling, proof
from takeback.casework.callback import CALL
from takeback.casework.calling import Basis, Call, Outcome, call_of, calls
from takeback.casework.claiming import begin_act, in_book
from takeback.casework.phones import Connecting
from takeback.casework.progress import known
from takeback.core.case import Language, Stage
from takeback.core.errors import CaseRefused, OutsideError
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import page, redirect
from takeback.web.desk.work.acting import failed_outside, note_look, refused, unknown
from takeback.web.desk.work.told import Telling, telling_of
from takeback.words import say

SCRIPT = ("greet", "who", "never_ask", "code", "outside", "end")
OWN = "desk_own_number"  # in the session: the telephone of whoever calls


@dataclass(frozen=True, slots=True)
class CallShown:
    """A call in the list."""

    task: str
    case: str
    since: str
    wish: str
    language: str
    because: str
    tries: str
    later: str
    numbers: tuple[str, ...]
    doubted: bool
    claimed_by: str


View = Callable[[DeskRequest, Call], HttpResponse]


def of_call(view: View) -> Callable[[DeskRequest, str], HttpResponse]:
    """A view of a call that is still to be made; one that is done leads back to the list."""

    @wraps(view)
    def checked(request: DeskRequest, task_id: str) -> HttpResponse:
        task = house().cases.task(task_id)
        if task is None or task.what != CALL:
            return unknown(request)
        if task.closed_at is not None:
            return redirect(request, "/desk/calls", "desk_work.note_call_done")
        try:
            return view(request, call_of(task, known(house(), task.case)))
        except CaseRefused as refusal:
            return refused(request, refusal.key, f"/desk/call/{task_id}", "desk_work.to_call")
        except OutsideError as error:
            return failed_outside(request, error, f"/desk/call/{task_id}")

    return checked


@desk(Verb.RECORD_CALL)
def every_call(request: DeskRequest) -> HttpResponse:
    """The calls that are waited for, those of now first."""
    telling = telling_of(request)
    claims = house().claims.every(telling.now)
    found = [_shown(one, telling, claims[one.case.id].by if one.case.id in claims else "") for one in calls(house())]
    return page(request, "calls", {"calls": found})


@desk(Verb.RECORD_CALL)
@of_call
def one_call(request: DeskRequest, call: Call) -> HttpResponse:
    """One call: numbers by their last digits, the script, and what came of it."""
    note_look(request, call.case)
    return page(request, "call", _values(request, call))


@desk(Verb.READ_NUMBER, post=True)
@sensitive_variables("number")
@of_call
def number(request: DeskRequest, call: Call) -> HttpResponse:
    """The whole number behind `ref`, in this answer alone. The case is this person's from now on."""
    begin_act(house(), call.case.id, by=request.staff.name)
    ref = request.POST.get("ref", "")
    found = calling.read_number(house(), call.task.id, ref, by=request.staff.name)
    return page(request, "call", _values(request, call) | {"whole": found, "whole_ref": ref})


@desk(Verb.READ_NUMBER, post=True)
@sensitive_post_parameters("own")
@of_call
def ring(request: DeskRequest, call: Call) -> HttpResponse:
    """Click to call: `ref`, `own` (the telephone of whoever calls), `press`."""
    begin_act(house(), call.case.id, by=request.staff.name)
    own, press = request.POST.get("own", "")[:32], request.POST.get("press", "")[:64]
    calling.ring(house(), call.task.id, request.POST.get("ref", ""), own, press, by=request.staff.name)
    request.session[OWN] = own
    return redirect(request, f"/desk/call/{call.task.id}", "desk_work.note_rung")


@desk(Verb.RECORD_CALL, post=True)
@of_call
def send_code(request: DeskRequest, call: Call) -> HttpResponse:
    """Have a code sent by one of the ways that may have one: `way`."""
    begin_act(house(), call.case.id, by=request.staff.name)
    way = request.POST.get("way", "")[:64]
    if way not in {one.id for one in proof.ways(house(), call.case)}:
        raise CaseRefused("call.number_gone", "This way is not trusted any more.")
    proof.send(house(), call.case.id, way)
    in_book(
        house(),
        request.staff.name,
        Verb.RECORD_CALL,
        call.case.id,
        why="call.code_sent",
        evidence={"task": call.task.id},
    )
    return redirect(request, f"/desk/call/{call.task.id}", "desk_work.note_code_sent")


@desk(Verb.RECORD_CALL, post=True)
@sensitive_post_parameters("code")
@of_call
def take_code(request: DeskRequest, call: Call) -> HttpResponse:
    """Take the code that she read back: `code`."""
    begin_act(house(), call.case.id, by=request.staff.name)
    right = proof.enter(house(), call.case.id, request.POST.get("code", "")[:32])
    evidence: dict[str, Json] = {"task": call.task.id, "right": right}
    in_book(house(), request.staff.name, Verb.RECORD_CALL, call.case.id, why="call.code_read_back", evidence=evidence)
    if right:
        return redirect(request, f"/desk/call/{call.task.id}", "desk_work.note_code_right")
    wrong = {"code_wrong": [say(telling_of(request).language, "desk_work.code_wrong")]}
    return page(request, "call", _values(request, call) | wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@desk(Verb.RECORD_CALL, post=True)
@of_call
def outcome(request: DeskRequest, call: Call) -> HttpResponse:
    """Write down what came of it: `outcome`, `basis`, `words`, `ref`. Each leads to its next step."""
    said, basis = request.POST.get("outcome", ""), request.POST.get("basis", "")
    if said not in {*Outcome}:
        raise CaseRefused("call.which_outcome", "Say what came of the call.")
    calling.record_call(
        house(),
        call.task.id,
        Outcome(said),
        by=request.staff.name,
        basis=Basis(basis) if basis in {*Basis} else None,
        words=request.POST.get("words", ""),
        ref=request.POST.get("ref", ""),
    )
    to_case = said in (Outcome.PROVEN, Outcome.DOUBTFUL)
    place = f"/desk/case/{call.case.id}" if to_case else "/desk/calls"
    return redirect(request, place, f"desk_work.note_call_{said}")


def _shown(call: Call, telling: Telling, claimed_by: str) -> CallShown:
    return CallShown(
        task=call.task.id,
        case=call.case.id,
        since=telling.ago(call.since),
        wish=telling.say(f"wish_{call.when}"),
        language=telling.say(f"language_{call.language}"),
        because=telling.maybe(f"desk_work.because_{call.because}", call.because),
        tries=telling.say("tries", count=call.tries) if call.tries else "",
        later=_later(call, telling),
        numbers=tuple(one.shown for one in call.numbers if not one.doubted),
        doubted=any(one.doubted for one in call.numbers),
        claimed_by=claimed_by,
    )


def _later(call: Call, telling: Telling) -> str:
    """From when on it is to be tried again; empty where that is now."""
    at = call.not_before
    return telling.say("not_before", at=telling.moment(at)) if at is not None and at > telling.now else ""


def _values(request: DeskRequest, call: Call) -> dict[str, object]:
    telling, here = telling_of(request), house()
    held = here.claims.of_case(call.case.id, telling.now)
    spoken = Language(call.language) if call.language in {*Language} else call.case.language
    return {
        "call": call,
        "shown": _shown(call, telling, held.by if held is not None and held.by != request.staff.name else ""),
        "numbers": call.numbers,
        "can_ring": isinstance(here.phones, Connecting),
        "own": request.session.get(OWN, ""),
        "press": token_hex(8),
        "ways": [
            (one.id, say(telling.language, f"way.{one.channel}", to=one.shown)) for one in proof.ways(here, call.case)
        ],
        "proven": calling.proven_since(here, call),
        "is_open": call.case.stage is not Stage.CLOSED,
        "scripts": [
            (
                one.value,
                say(telling.language, f"desk_work.language_{one.value}"),
                one is spoken,
                [say(one.value, f"desk_work.script_{line}") for line in SCRIPT],
            )
            for one in sorted(Language, key=lambda one: one is not spoken)
        ],
    }
