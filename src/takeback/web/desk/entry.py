"""How does staff come in? Password and second factor, a passkey, or the company's own page; and once by a link.

The steps are django-allauth's; here they get our pages, our headers, and the checks that every page of the desk has.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import translation
from django.views.decorators.debug import sensitive_post_parameters

from takeback.bootstrap import house
from takeback.core.permission import Staff
from takeback.web.desk.guard import ACT, BY_LINK, LOOK, SET_UP, SIGN_IN, DeskRequest, own, refused
from takeback.web.desk.shown import finished, page, redirect, stand
from takeback.web.limits import Limit, client_of
from takeback.web.security import is_foreign
from takeback.web.words import language_of
from takeback.words import say

Steps = Callable[..., HttpResponseBase]
ANY = (*LOOK, *ACT)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Of one client, which may be a whole office at nine in the morning. What is wrong is counted by allauth besides: five
# tries in five minutes for a name, ten in a minute for a client.
tries = Limit(most=300, seconds=600)


def at_the_door(view: Steps, *, methods: tuple[str, ...] = ANY, from_ours: bool = False) -> Callable[..., HttpResponse]:
    """A page for whoever has not been let in yet. What is sent off comes from a page of ours, and not without end;
    with `from_ours` nobody is led to the page from elsewhere either.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        acts = request.method not in LOOK
        if (acts or from_ours) and is_foreign(request):
            return refused(request, key="desk_door.foreign")
        if acts and not tries.allows(client_of(request)):
            return too_many(request)
        return dressed(request, lambda: view(request, *args, **kwargs))

    checked.door = "open"  # type: ignore[attr-defined]
    return checked


def of_her_own(view: Steps, *, methods: tuple[str, ...] = ANY, set_up: bool = False) -> Callable[..., HttpResponse]:
    """A page of allauth's for a member, on what is her own."""

    @own(methods=methods, set_up=set_up)
    @wraps(view)
    def checked(request: DeskRequest, /, *args: object, **kwargs: object) -> HttpResponse:
        return dressed(request, lambda: view(request, *args, **kwargs))

    return checked


def dressed(request: HttpRequest, made: Callable[[], HttpResponseBase]) -> HttpResponse:
    """The answer of a view of allauth's, in our pages, our language, with our headers."""
    with translation.override(language_of(request).value):
        answer = made()
        if isinstance(answer, TemplateResponse):
            answer.context_data = stand(request) | {"company": _company()} | (answer.context_data or {})
            answer.render()
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return too_many(request)
    return finished(request, answer) if isinstance(answer, HttpResponse) else refused(request)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's form
    """429: later."""
    answer = page(request, "plain", {"key": "desk_door.too_many"}, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(int(tries.seconds))
    return answer


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's form
    """403 for a form without the token that our page gave it: another site's, or one that lay open for too long."""
    return refused(request, key="desk_door.foreign")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's form
    """404 below /desk."""
    return page(request, "plain", {"key": "desk_door.not_found"}, status=HTTPStatus.NOT_FOUND)


def not_granted(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's form
    """403 for what allauth does not let anybody do in this state."""
    return refused(request)


def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect(request, SIGN_IN, "desk_door.note_signed_out")


@sensitive_post_parameters()
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of an admin's link: set a password, and then the second factor. 404 for one that is used up or old."""
    here = house()
    member = here.people.invited(secret, here.clock.now())
    if member is None:
        return page(request, "plain", {"key": "desk_door.link_dead"}, status=HTTPStatus.NOT_FOUND)
    wrong: list[str] = []
    if request.method == "POST":
        password, again = request.POST.get("password", ""), request.POST.get("again", "")
        try:
            validate_password(password, User(username=member.name))
        except ValidationError as error:
            wrong = list(error.messages)
        if not wrong and password != again:
            wrong = [say(language_of(request), "desk_door.password_differs")]
        if not wrong and here.people.use_invitation(secret, password, here.clock.now()) is not None:
            return _opened(request, member.name)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    answer = page(request, "by_link", {"member": member, "wrong": wrong}, status=status)
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _company() -> str:
    """What the company's own sign-in is called, where there is one."""
    said = house().configuration.desk
    return "" if said.oidc_issuer is None else said.oidc_name


def _opened(request: HttpRequest, name: str) -> HttpResponse:
    user = User.objects.get(username=name)
    logout(request)
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="password")
    request.session[BY_LINK] = True
    request.session.set_expiry(0)
    request.staff = Staff(name, frozenset())  # type: ignore[attr-defined]
    return redirect(request, SET_UP, "desk_door.note_password_set")
