"""Stage 2, from outside: the conversation. It opens by its secret address on any device, and loses nothing.

It never shows what depends on the account. A right code leads to the case's page; a wrong one, one too many and one for
an account that does not exist get the same answer in the same time.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from time import monotonic, sleep

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from takeback.bootstrap import house
from takeback.casework import talk as talking
from takeback.casework.page import token_now
from takeback.casework.talks import Talk, Turn, Voice
from takeback.core.case import Language
from takeback.core.talk import LONGEST, MOST, Line
from takeback.intake.reading import read
from takeback.web.limits import Limit
from takeback.web.portal.guard import act
from takeback.web.portal.proven import remember
from takeback.web.portal.shown import not_found, show
from takeback.web.words import language_of
from takeback.words import say

turn_limit = Limit(most=60, seconds=600)
code_limit = Limit(most=10, seconds=600)
SAME_TIME = 0.3  # seconds that the answer to a code takes at least, right or wrong, account or none
View = Callable[[HttpRequest, str, Talk], HttpResponse]


def _of_talk(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    @wraps(view)
    def checked(request: HttpRequest, token: str) -> HttpResponse:
        found = talking.by_token(house(), token)
        return not_found(request) if found is None else view(request, token, found)

    return checked


@require_safe
@_of_talk
def talk(request: HttpRequest, token: str, found: Talk) -> HttpResponse:
    """What was said so far, and what can be done now."""
    return _page(request, token, found, {})


@act(turn_limit)
@_of_talk
def say_more(request: HttpRequest, token: str, found: Talk) -> HttpResponse:
    """Take further words."""
    text = request.POST.get("text", "").strip()[:LONGEST]
    if text:
        talking.go_on(house(), found, text, read(text, found.language.value))
    if request.POST.get("person"):
        talking.ask_person(house(), found, "now")
    elif not text:
        language = language_of(request, found.language)
        return _page(request, token, found, {"text": say(language, "talk.text_missing")})
    return _back(token)


@act(turn_limit)
@_of_talk
def ask_code(request: HttpRequest, token: str, found: Talk) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """Have a code sent, if there is anybody to send it to."""
    talking.ask_code(house(), found)
    return _back(token)


@act(turn_limit)
@_of_talk
def ask_person(request: HttpRequest, token: str, found: Talk) -> HttpResponse:
    """Have a person call."""
    talking.ask_person(house(), found, request.POST.get("when", "")[:20])
    return _back(token)


@act(code_limit)
@_of_talk
def enter_code(request: HttpRequest, token: str, found: Talk) -> HttpResponse:
    """Take a code: 303 to the case's page when it is right. The answer is not sent before `SAME_TIME`."""
    begun = monotonic()
    answer = _entered(request, token, found)
    sleep(max(0.0, SAME_TIME - (monotonic() - begun)))
    return answer


def _entered(request: HttpRequest, token: str, found: Talk) -> HttpResponse:
    here = house()
    opened = talking.enter(here, found, request.POST.get("code", "")[:40])
    if opened is None:
        return _page(request, token, found, {"code": say(language_of(request, found.language), "talk.code_wrong")})
    case, purpose = opened
    secret = token_now(here, case)
    answer = _to(f"/case/{secret}?note=code_right")
    remember(answer, request, case, secret, purpose)
    return answer


def _page(request: HttpRequest, token: str, found: Talk, wrong: dict[str, str]) -> HttpResponse:
    language = language_of(request, found.language)
    turns = house().talks.turns(found.id)
    values = {
        "token": token,
        "turns": [_told(language, turn) for turn in turns],
        "full": sum(turn.voice is Voice.CUSTOMER for turn in turns) >= MOST,
        "wrong": wrong,
        "errors": list(wrong.items()),
        "longest": LONGEST,
        "person_action": f"/talk/{token}/person",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return show(request, "talk", values, status=status, language=language, secret=True)


def _told(language: Language, turn: Turn) -> dict[str, object]:
    text = turn.text if turn.line is None else say(language, f"talk.{turn.line}")
    return {
        "voice": turn.voice.value,
        "who": say(language, f"talk.who_{turn.voice}"),
        "text": text or say(language, "talk.no_words"),
        "to_mail": turn.line is Line.HEARD_PHISHING,
    }


def _back(token: str) -> HttpResponse:
    return _to(f"/talk/{token}#latest")


def _to(address: str) -> HttpResponse:
    answer = HttpResponseRedirect(address)
    answer.status_code = HTTPStatus.SEE_OTHER
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
