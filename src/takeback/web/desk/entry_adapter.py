"""What does the desk want otherwise than django-allauth does by itself? Its answers, where it asks."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from takeback.bootstrap import house
from takeback.core.permission import Staff
from takeback.web.desk.guard import SIGN_IN, is_fresh, may_set_up
from takeback.web.desk.shown import first_place
from takeback.web.limits import client_of
from takeback.web.words import language_of
from takeback.words import known, say


def told(code: str, message: ValidationError) -> ValidationError:
    """A complaint of allauth's in our words, where there are some."""
    request = context.request
    key = f"desk_door.wrong_{code}"
    language = language_of(request) if request is not None else "en"
    return ValidationError(say(language, key), code=code) if known(language, key) else message


class DoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up; nobody learns which names there are; nobody is led away."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's form
        """Never: an admin takes people on."""
        return False

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """What is wrong, in the language of the page."""
        return told(code, super().validation_error(code, *args))

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        """Whose name and password these are. Who has left is as unknown as a name that never was."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which clients are told apart, as for all limits (`web.limits`)."""
        client = client_of(request).partition("/")[0]
        return "0.0.0.0" if client == "unknown" else client  # noqa: S104 - no address to listen on: none is known

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of the desk: nobody is led to another site after signing in."""
        page = str(url or "")
        ours = page.startswith("/desk/") and "/.." not in page
        return ours and url_has_allowed_host_and_scheme(page, allowed_hosts=None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page that this member's roles have."""
        member = house().people.of(request.user.get_username())
        return SIGN_IN if member is None else first_place(Staff(member.name, member.roles))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's form
        """The member's own page."""
        return "/desk/me"

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:  # noqa: ARG002
        """As for anybody who is not let in."""
        return HttpResponseRedirect(SIGN_IN)

    def is_reauthentication_required(self, *, app: str, **_: object) -> bool:  # noqa: ARG002 - allauth's form
        """Some minutes after the second factor was shown; not while the first one is being set up."""
        request = context.request
        return not (is_fresh(request) or may_set_up(request))

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, object]]:
        """With what somebody can prove again who she is, in the language of the page."""
        methods: list[dict[str, object]] = super().get_reauthentication_methods(user)
        language = language_of(context.request)
        for method in methods:
            method["description"] = say(language, f"desk_door.again_{str(method['id']).replace(':', '_')}")
        return methods
