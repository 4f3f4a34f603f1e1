"""Who is it that the company's own sign-in page (OpenID Connect) brings? A member whom an admin has made, or nobody."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import User
from django.http import HttpRequest

from takeback.web.desk.entry_factors import has_factor
from takeback.web.desk.entry_noted import note_failed
from takeback.web.desk.guard import SIGN_IN
from takeback.web.desk.shown import redirect


class CompanyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by it, and a member who is linked to one person there is never linked to another."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        """Never: an admin takes people on."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link who comes for the first time, by the verified mail address or the name that an admin wrote down."""
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                self._turn_away(request, sociallogin)
            return
        member = member_of(sociallogin)
        if member is None or SocialAccount.objects.filter(user=member).exists():
            self._turn_away(request, sociallogin)
        sociallogin.connect(request, member)

    def on_authentication_error(self, request: HttpRequest, provider: object, **_: object) -> None:  # noqa: ARG002
        """Back to the door, with a word."""
        raise ImmediateHttpResponse(redirect(request, SIGN_IN, "desk_door.note_company_failed"))

    def _turn_away(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        note_failed(request, f"company {sociallogin.account.uid}", "company")
        raise ImmediateHttpResponse(redirect(request, SIGN_IN, "desk_door.note_company_unknown"))


def member_of(sociallogin: SocialLogin) -> User | None:
    """The member whom the company's page means: by the mail address that it has verified and an admin wrote down; by
    name only one who has a second factor already, since people may choose their names there.
    """
    working = User.objects.filter(is_active=True)
    said = sociallogin.account.extra_data.get("userinfo") or sociallogin.account.extra_data
    mail, name = str(said.get("email") or "").lower(), str(said.get("preferred_username") or "").lower()
    if mail and str(said.get("email_verified")).lower() == "true":
        found = list(working.filter(email=mail))
        if len(found) == 1:
            return found[0]
    by_name = working.filter(username=name, email="").first() if name else None
    return by_name if by_name is not None and has_factor(by_name) else None
