"""How does a machine learn what was wrong? Problem details, RFC 9457, with one sentence."""

from http import HTTPStatus

from django.http import JsonResponse

from takeback.web.door.refusal import Refusal, problem_of


def problem(status: HTTPStatus, detail: str | None = None, **more: str | int | None) -> JsonResponse:
    """A problem as JSON; `more` are extension members (RFC 9457, section 3.2), left out where None."""
    body = problem_of(status, detail, **more)
    return JsonResponse(body, status=status, content_type="application/problem+json")


def refused_as(refusal: Refusal) -> JsonResponse:
    """The same as Django has an answer."""
    kind = "application/problem+json"
    return JsonResponse(refusal.told, status=refusal.status, content_type=kind, headers=refusal.headers)


class Refused(Exception):
    """The answer to a request that is not taken, on its way out."""

    def __init__(self, status: HTTPStatus, detail: str | None = None, **more: str | int | None) -> None:
        super().__init__(detail)
        self.answer = problem(status, detail, **more)
