"""How is a request told that it is not taken? Problem details, RFC 9457, with one sentence, before any framework."""

from http import HTTPStatus

Told = dict[str, object]


def problem_of(status: HTTPStatus, detail: str | None = None, **more: object) -> Told:
    """A problem as data; `more` are extension members (RFC 9457, section 3.2), left out where None."""
    told: Told = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return told | {name: value for name, value in (("detail", detail), *more.items()) if value is not None}


class Refusal(Exception):
    """The answer to a request that is not taken, on its way out. `why` is a key of `takeback.measures.refused`."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str | None = None,
        *,
        why: str,
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(detail)
        self.status, self.why, self.headers = status, why, headers or {}
        self.told = problem_of(status, detail, **more)


def too_many(detail: str, *, after: int = 1) -> Refusal:
    """What says that it is too much just now: come again in `after` seconds (RFC 6585, section 4)."""
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, detail, why="too_many", headers={"Retry-After": str(after)})


def no_entry(why: str) -> Refusal:
    """The one answer to whoever has no key, or a wrong one, or an old one: which of these it was, is not said."""
    return Refusal(HTTPStatus.UNAUTHORIZED, why=why, headers={"WWW-Authenticate": 'Bearer realm="takeback"'})
