"""How does a machine learn what was wrong? Problem details, RFC 9457, with one sentence."""

from http import HTTPStatus

from django.http import JsonResponse


def problem(status: HTTPStatus, detail: str | None = None, **more: str | int | None) -> JsonResponse:
    """A problem as JSON; `more` are extension members (RFC 9457, section 3.2), left out where None."""
    body: dict[str, str | int] = {"type": "about:blank", "title": status.phrase, "status": status.value}
    body |= {name: value for name, value in (("detail", detail), *more.items()) if value is not None}
    return JsonResponse(body, status=status, content_type="application/problem+json")


class Refused(Exception):
    """The answer to a request that is not taken, on its way out."""

    def __init__(self, status: HTTPStatus, detail: str | None = None, **more: str | int | None) -> None:
        super().__init__(detail)
        self.answer = problem(status, detail, **more)
