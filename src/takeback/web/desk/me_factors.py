"""What does the desk want otherwise of allauth's steps with passkeys? A word where one did not fit; never none left."""

from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from takeback.web.desk.entry_factors import others
from takeback.web.desk.entry_noted import note_failed
from takeback.web.desk.guard import SET_UP, SIGN_IN
from takeback.web.desk.shown import redirect


class _SignIn(LoginWebAuthnView):  # type: ignore[misc]  # allauth has no types
    request: HttpRequest

    def form_invalid(self, form: BaseForm) -> HttpResponse:  # noqa: ARG002 - Django's form
        note_failed(self.request, "passkey", "passkey")
        return redirect(self.request, SIGN_IN, "desk_door.note_passkey_unknown")


class _Again(ReauthenticateWebAuthnView):  # type: ignore[misc]  # as above
    request: HttpRequest

    def form_invalid(self, form: BaseForm) -> HttpResponse:  # noqa: ARG002 - Django's form
        note_failed(self.request, authenticated_user(self.request).get_username(), "passkey")
        return redirect(self.request, self.request.path, "desk_door.note_passkey_unknown")


class _Remove(RemoveWebAuthnView):  # type: ignore[misc]  # as above
    request: HttpRequest
    success_url = SET_UP

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if not others(self.get_object()):
            return redirect(self.request, SET_UP, "desk_door.note_last_factor")
        answer: HttpResponse = super().form_valid(form)
        return answer


sign_in_by_passkey = _SignIn.as_view()
again_by_passkey = _Again.as_view()
remove_passkey = _Remove.as_view()
