"""Is this mail really from the shop? `POST /v1/check-mail`, for the services of this installation alone.

A stranger has no need of it: a customer asks on a page or by mail, and whoever writes forgeries would try them here
until one passes. A service is known by its key or signature, as with events. It may say whose account asks, once it
has the customer signed in: then the ledger tells of that account's orders too, and a genuine confirmation of an order
that its owner did not make is said to be one. The account stands in the body, which is signed, and not in the address.
"""

from http import HTTPStatus
from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from takeback.bootstrap import house, judge
from takeback.casework.doubt import Answer, check
from takeback.casework.keys import Scope
from takeback.core.case import Language
from takeback.core.errors import SettingsError
from takeback.mail.authenticity.answer import answer as told
from takeback.web.body import read_body
from takeback.web.door.refusal import Refusal
from takeback.web.door.sender import headers_in, source_of
from takeback.web.limits import client_of
from takeback.web.problem import Refused, problem, refused_as
from takeback.words import say

LARGEST_MAIL = 30_000_000  # octets: the largest that the large providers pass on, 25 MB of content in base64, is below
LARGEST_JSON = LARGEST_MAIL * 4 // 3 + 10_000  # octets: the same mail in base64
TOO_LARGE = f"a mail is at most {LARGEST_MAIL // 1_000_000} MB"
RAW, JSON = "message/rfc822", "application/json"
FORM = 'the body is not of the form {"text": "…"} or {"mail": "<base64>"}, each with an "account" or without'
LONGEST_ACCOUNT = 512  # characters, as in events


class _Question(msgspec.Struct, forbid_unknown_fields=True):
    text: str | None = None  # copied from a mail
    mail: bytes | None = None  # the mail itself, in base64
    account: Annotated[str, msgspec.Meta(max_length=LONGEST_ACCOUNT)] | None = None


_question = msgspec.json.Decoder(_Question)


@csrf_exempt  # no browser comes here: the key or the signature says who it is
def check_mail(request: HttpRequest) -> HttpResponse:
    """200 with the answer of `takeback check-mail --json`, an order that is not the owner's, and the words; or a
    problem (RFC 9457). Nothing of the mail is kept.
    """
    if request.method != "POST":
        answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, "a mail comes by POST")
        answer.headers["Allow"] = "POST"
        return answer
    try:
        most = LARGEST_MAIL if request.content_type == RAW else LARGEST_JSON
        body = read_body(request, most, TOO_LARGE)
        here = house()
        source_of(headers_in(request.headers), body, client_of(request), Scope.CHECK_MAIL)
        mail, accounts = _asked(request.content_type or "", body)
        language = _language(request, here.configuration.language)
        found = check(here, judge(), mail, accounts=accounts)
    except SettingsError as error:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    except Refused as refused:
        return refused.answer
    except Refusal as refusal:
        return refused_as(refusal)
    return JsonResponse(as_data(found) | {"words": in_words(found, language)})


def as_data(found: Answer) -> dict[str, object]:
    """The answer as data: that of `takeback check-mail --json`, and `order` and `report`, null where there is none."""
    order = None if found.order is None else {"id": found.order.id, "actor": found.order.actor.value}
    return {**told(found.verdict, found.facts), "order": order, "report": found.report if order else None}


def in_words(found: Answer, language: Language) -> dict[str, object]:
    """The same for a person to read: plain text, which a page escapes before it shows it."""
    verdict, order = found.verdict, found.order
    return {
        "language": language.value,
        "verdict": say(language, f"mail_verdict.{verdict.verdict}"),
        "reasons": [say(language, f"mail_reason.{one.key}", **one.values) for one in verdict.reasons],
        "next": say(language, f"mail_next.{verdict.next_step}"),
        "order": None if order is None else say(language, f"mail_order.{order.actor}", order=order.id),
    }


def _asked(content_type: str, body: bytes) -> tuple[bytes | str, tuple[str, ...]]:
    """The raw mail or copied text, and the accounts of the one who asks."""
    if content_type == RAW:
        mail: bytes | str | None = body
        account = None
    elif content_type == JSON:
        try:
            question = _question.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, FORM) from None
        if (question.text is None) is (question.mail is None):
            raise Refused(HTTPStatus.BAD_REQUEST, FORM)
        mail, account = question.text if question.mail is None else question.mail, question.account
    else:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type is one of {RAW} and {JSON}")
    if not mail or not mail.strip():
        raise Refused(HTTPStatus.BAD_REQUEST, "the mail is empty")
    return mail, (account,) if account else ()


def _language(request: HttpRequest, default: Language) -> Language:
    asked = request.GET.get("language") or default.value
    if asked not in list(Language):
        raise Refused(HTTPStatus.BAD_REQUEST, "language is one of ja and en", field="language")
    return Language(asked)
