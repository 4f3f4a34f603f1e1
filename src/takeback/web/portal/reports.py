"""Stage 2, for machines: how does a shop's own page hand a report in? One address, one answer, whether or not there is
such an account (rule 10).

The request is put into the engine's queue and answered; whether there is an account is looked up later, in the worker.
"""

from http import HTTPStatus

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from takeback.bootstrap import house
from takeback.casework.report import hand_in
from takeback.core.case import Language
from takeback.web.limits import Limit, client_of
from takeback.web.portal.guard import is_foreign
from takeback.web.problem import problem
from takeback.web.words import language_of

LARGEST_BODY = 16 * 1024  # bytes
limit = Limit(most=20, seconds=600)


class _Report(msgspec.Struct):
    account: str = ""
    email: str = ""
    text: str = ""
    language: Language | None = None


@csrf_exempt  # nobody is signed in here; what another site's page sends is refused below
@require_POST
def take_report(request: HttpRequest) -> HttpResponse:
    """202, always the same. 429 when this client reported too often, 400 when the body is not of the form.

    403 for a page of another site: whoever opens that would report on its behalf, each from an address of his own.
    """
    if is_foreign(request):
        return problem(HTTPStatus.FORBIDDEN, "a report comes from a shop's server or from a page of ours")
    if not limit.allows(client_of(request)):
        refused = problem(HTTPStatus.TOO_MANY_REQUESTS, "too many reports from this client; wait ten minutes")
        refused.headers["Retry-After"] = "600"
        return refused
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a report is at most 16 KiB")
    try:
        report = msgspec.json.decode(request.body, type=_Report)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return problem(HTTPStatus.BAD_REQUEST, "the body is not a report: {account or email, text, language}")
    name = (report.account or report.email).strip()
    if not name:
        return problem(HTTPStatus.BAD_REQUEST, "account or email is missing", field="account")
    hand_in(house(), name, report.text, report.language or language_of(request))
    return JsonResponse({"status": "received"}, status=HTTPStatus.ACCEPTED)
