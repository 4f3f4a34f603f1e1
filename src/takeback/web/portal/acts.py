"""What can she do on her case's page? Ask for a code and return it, say that a mailbox is hers no more, ask for a
person, give the page a new address.
"""

from django.http import HttpRequest, HttpResponse

from takeback.bootstrap import house
from takeback.casework import callback, proof
from takeback.casework.page import replace_address
from takeback.core.case import Case
from takeback.core.errors import CaseRefused
from takeback.web.limits import Limit
from takeback.web.portal.case import done, needs_proof, of_case, refused
from takeback.web.portal.guard import act
from takeback.web.portal.proven import proven_here, remember
from takeback.web.words import language_of

limit = Limit(most=60, seconds=600)
code_limit = Limit(most=30, seconds=600)


@act(limit)
@of_case
def ask_code(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Send a code by `way`, or by every mail address allowed; the answer is the same whether or not there is any."""
    proof.send(house(), case.id, request.POST.get("way") or None)
    return done(request, token, "code_sent")


@act(code_limit)
@of_case
def prove(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Take a code that was typed in."""
    here = house()
    purpose = proof.purpose_now(here, case)  # before: a right code moves the case on
    if not proof.enter(here, case.id, request.POST.get("code", "")[:40]):
        return refused(request, token, case, ["code.wrong"], field="code")
    answer = done(request, token, "code_right")
    remember(answer, request, case, token, purpose)
    return answer


@act(limit)
@of_case
def disown(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """She says: this mailbox, or this number, is not mine any more."""
    proof.disown(house(), case.id, request.POST.get("way", "")[:64])
    return done(request, token, "disowned")


@act(limit)
@of_case
def ask_person(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Have a person call."""
    here, language = house(), language_of(request, case.language)
    why = request.POST.get("because", callback.Why.ASKED)[:20]
    callback.ask(here, case, language=language, because=why, when=request.POST.get("when", "")[:20])
    return done(request, token, "person")


@act(limit)
@of_case
def new_link(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Give the page a new address; the old one opens nothing any more. Takes proof in this browser."""
    if (missing := needs_proof(request, token, case)) is not None:
        return missing
    purpose = proven_here(request, case)
    try:
        fresh = replace_address(house(), case.id)
    except CaseRefused as refusal:
        return refused(request, token, case, [refusal.key])
    answer = done(request, fresh, "link_new")
    if purpose is not None:
        remember(answer, request, case, fresh, purpose)
    return answer
