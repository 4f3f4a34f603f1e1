"""Is this process fit to serve? It is when it can reach its event log and its cases."""

from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from takeback.bootstrap import house
from takeback.core.errors import TakebackError
from takeback.web.problem import problem


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """200 `{"status": "ok"}`, or 503: ask `takeback check` why."""
    try:
        here = house()
        here.cases.case("none")
        here.event_log.account("none")
    except (TakebackError, DatabaseError, OSError):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "the stores cannot be reached")
    return JsonResponse({"status": "ok"})
