"""Is this mail real? By paste or upload, for everybody; of an account's own orders it speaks to its owner alone."""

from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from takeback.bootstrap import house, judge
from takeback.casework.doubt import check
from takeback.core.authenticity.verdict import Judgement
from takeback.core.case import Language
from takeback.core.errors import SettingsError
from takeback.web.check_mail import in_words
from takeback.web.limits import Limit
from takeback.web.portal.guard import act
from takeback.web.portal.shown import show
from takeback.web.words import language_of
from takeback.words import say

LARGEST = 5_000_000  # bytes of an uploaded mail
LONGEST = 200_000  # characters of pasted text
limit = Limit(most=20, seconds=600)
_TONES = {Judgement.GENUINE: "good", Judgement.FORGED: "bad", Judgement.LOOKALIKE: "bad", Judgement.UNKNOWN: "care"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked and answered, for a template; nothing at first."""

    values: dict[str, object] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK


@require_safe
def ask_mail(request: HttpRequest) -> HttpResponse:
    """The page on which a mail is pasted or uploaded."""
    return _page(request, Asked())


@act(limit)
def check_any(request: HttpRequest) -> HttpResponse:
    """Say of a mail what is to be thought of it. Who asks is not known, and so no account is spoken of."""
    return _page(request, verdict_of(request, language_of(request), accounts=()))


def verdict_of(request: HttpRequest, language: Language, *, accounts: tuple[str, ...]) -> Asked:
    """The answer to the form's `file` or `text`. Nothing of the mail is kept."""
    sent, text = request.FILES.get("file"), request.POST.get("text", "")
    if sent is not None and sent.size is not None and sent.size > LARGEST:
        return _wrong("file", say(language, "mailcheck.too_large"))
    if len(text) > LONGEST:
        return _wrong("text", say(language, "mailcheck.too_long"))
    mail: bytes | str = sent.read() if sent is not None else text
    if not mail.strip():
        return _wrong("file", say(language, "mailcheck.missing"))
    try:
        found = check(house(), judge(), mail, accounts=accounts)
    except SettingsError:
        return _wrong("", say(language, "mailcheck.not_here"), HTTPStatus.SERVICE_UNAVAILABLE)
    words = in_words(found, language)
    verdict = {
        "title": words["verdict"],
        "reasons": words["reasons"],
        "next": words["next"],
        "order": words["order"],
        "tone": "bad" if words["order"] else _TONES[found.verdict.verdict],
    }
    return Asked({"verdict": verdict})


def _wrong(name: str, text: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> Asked:
    return Asked({"wrong": {name: text}, "errors": [(name, text)]}, status)


def _page(request: HttpRequest, asked: Asked) -> HttpResponse:
    values = asked.values | {"mail_action": "/mail"}
    return show(request, "mail", values, status=asked.status)
