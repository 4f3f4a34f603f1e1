"""Which pages does the desk have? Each view below /desk with an address that can be asked for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from takeback.core.permission import Verb

_HOLE = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_AFTER_CASE = re.compile(r"(^desk/case/)<(?:\w+:)?\w+>")


@dataclass(frozen=True)
class Page:
    """A view and its route. `verb` is None for what the door has for everybody."""

    route: str
    view: Callable[..., HttpResponse] = field(repr=False)
    verb: Verb | None
    post: bool
    door: str  # open, own, or nothing
    set_up: bool

    def __str__(self) -> str:
        return f"{'POST' if self.post else 'GET'} /{self.route}"

    def address(self, case: str) -> str:
        """The route with its holes filled: with this case, and with what is nowhere else."""
        route = _AFTER_CASE.sub(rf"\g<1>{case}", self.route)
        filled = _HOLE.sub(lambda hole: _fill(hole["kind"] or "str", hole["name"], case), route)
        return f"/{filled}"


def pages() -> list[Page]:
    """Every page below /desk, as the contents page of the web side has them."""
    found = [
        _page(route, part)
        for route, view in _routes(get_resolver().url_patterns, "")
        if route == "desk" or route.startswith("desk/")
        for part in getattr(view, "parts", (view,))
    ]
    return sorted(found, key=str)


def _page(route: str, view: Callable[..., HttpResponse]) -> Page:
    return Page(
        route,
        view,
        getattr(view, "verb", None),
        bool(getattr(view, "post", False)),
        getattr(view, "door", ""),
        bool(getattr(view, "set_up", False)),
    )


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, Callable[..., HttpResponse]]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def _fill(kind: str, name: str, case: str) -> str:
    if "case" in name:
        return case
    return {"int": "7", "uuid": "00000000-0000-4000-8000-000000000007"}.get(kind, "nowhere")
