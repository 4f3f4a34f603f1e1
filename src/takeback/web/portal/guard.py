"""May this request act? Only from a page of ours, and only so often.

Nobody is signed in here: an address that cannot be guessed, and a cookie that no other site's request carries
(SameSite=Strict), are all the authority there is. That a form of another site is refused as well costs nothing.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from takeback.web.limits import Limit, client_of
from takeback.web.portal.shown import plain_page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def act(limit: Limit | None = None) -> Callable[[View[P]], View[P]]:
    """A view that acts: POST alone, from no other site, and within `limit` for each client (429 beyond)."""

    def guarded(view: View[P]) -> View[P]:
        @csrf_exempt  # see above: there is no session whose authority a forged request could borrow
        @require_POST
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if is_foreign(request):
                return plain_page(request, "foreign", HTTPStatus.FORBIDDEN)
            if limit is not None and not limit.allows(client_of(request)):
                refused = plain_page(request, "too_many", HTTPStatus.TOO_MANY_REQUESTS)
                refused.headers["Retry-After"] = str(int(limit.seconds))
                return refused
            return view(request, *args, **kwargs)

        return checked

    return guarded


def is_foreign(request: HttpRequest) -> bool:
    """True for a form that another site's page sent off, as far as the browser says.

    `Sec-Fetch-Site` where there is one. `Origin: null` is what a browser sends from a page that hides its address
    (`Referrer-Policy: no-referrer`), as the pages with a secret in theirs do.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin not in (None, "null") and urlsplit(str(origin)).netloc != request.get_host()
