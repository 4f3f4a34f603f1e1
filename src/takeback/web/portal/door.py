"""Stage 2, from outside: how is a takeover reported? One page, no sign-in, one answer whether or not there is such an
account (rule 10).
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from takeback.bootstrap import house
from takeback.casework import talk
from takeback.core.case import Language
from takeback.core.talk import LONGEST, Choice
from takeback.intake.reading import read
from takeback.web.limits import Limit
from takeback.web.portal.guard import act
from takeback.web.portal.shown import show
from takeback.web.words import language_of, remember_language
from takeback.words import say

limit = Limit(most=20, seconds=600)


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request, {"choice": "", "account": "", "text": ""}, {})


@act(limit)
def report(request: HttpRequest) -> HttpResponse:
    """Open a conversation: 303 to its address, the same for every account. 422 where no account is named."""
    form = {name: request.POST.get(name, "").strip() for name in ("choice", "account", "text")}
    choice = Choice(form["choice"]) if form["choice"] in {*Choice} else Choice.OTHER
    language = _language(request)
    if not form["account"]:
        return _page(request, form | {"choice": choice.value}, {"account": say(language, "door.account_missing")})
    here, text = house(), form["text"][:LONGEST]
    token = talk.begin(here, form["account"], choice, text, read(text, language.value), language)
    if request.POST.get("person"):
        opened = talk.by_token(here, token)
        if opened is not None:
            talk.ask_person(here, opened, "now")
    answer = HttpResponseRedirect(f"/talk/{token}#latest")
    answer.status_code = HTTPStatus.SEE_OTHER
    answer.headers["Referrer-Policy"] = "no-referrer"
    remember_language(request, answer)  # what she wrote in, she reads
    return answer


def _page(request: HttpRequest, form: dict[str, str], wrong: dict[str, str]) -> HttpResponse:
    language = _language(request)
    values = {
        "choices": [{"value": choice.value, "text": say(language, f"door.{choice}")} for choice in Choice],
        "form": form,
        "wrong": wrong,
        "errors": list(wrong.items()),
        "longest": LONGEST,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return show(request, "door", values, status=status, language=language)


def _language(request: HttpRequest) -> Language:
    """That of the page on which the form was filled in, else as ever."""
    said = request.POST.get("language", "")
    return Language(said) if said in {*Language} else language_of(request)
