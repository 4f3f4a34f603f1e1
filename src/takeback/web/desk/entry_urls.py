"""Where are the pages of the door? Those steps of django-allauth's that the desk has, under names of ours.

What is not here does not exist: nobody signs up, no mail address is managed, no password is reset by mail.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as company
from django.urls import URLPattern, URLResolver, path

from takeback.web.desk import me_factors
from takeback.web.desk.entry import at_the_door, by_link, of_her_own, sign_out
from takeback.web.desk.guard import ACT, LOOK

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/sign-in", at_the_door(account.login), name="account_login"),
    path("desk/sign-in/factor", at_the_door(factors.authenticate), name="mfa_authenticate"),
    path("desk/sign-in/passkey", at_the_door(me_factors.sign_in_by_passkey), name="mfa_login_webauthn"),
    path("desk/sign-out", at_the_door(sign_out, methods=ACT), name="account_logout"),
    path("desk/set-up/<str:secret>", at_the_door(by_link)),
    path("desk/me/again", of_her_own(account.reauthenticate, set_up=True), name="account_reauthenticate"),
    path("desk/me/again/code", of_her_own(factors.reauthenticate, set_up=True), name="mfa_reauthenticate"),
    path(
        "desk/me/again/passkey",
        of_her_own(me_factors.again_by_passkey, set_up=True),
        name="mfa_reauthenticate_webauthn",
    ),
    path("desk/me/password", of_her_own(account.password_change), name="account_change_password"),
    path("desk/me/factors", of_her_own(factors.index, set_up=True), name="mfa_index"),
    path("desk/me/factors/app", of_her_own(totp.activate_totp, set_up=True), name="mfa_activate_totp"),
    path("desk/me/factors/app/remove", of_her_own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("desk/me/factors/passkeys", of_her_own(factors.index, set_up=True), name="mfa_list_webauthn"),
    path("desk/me/factors/passkeys/add", of_her_own(passkeys.add_webauthn, set_up=True), name="mfa_add_webauthn"),
    path(
        "desk/me/factors/passkeys/<int:pk>/remove",
        of_her_own(me_factors.remove_passkey),
        name="mfa_remove_webauthn",
    ),
    path("desk/me/factors/codes", of_her_own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("desk/me/factors/codes/new", of_her_own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(
        "desk/sign-in/with/<slug:provider_id>",
        at_the_door(company.login, methods=LOOK, from_ours=True),
        name="openid_connect_login",
    ),
    path(
        "desk/sign-in/with/<slug:provider_id>/back",
        at_the_door(company.callback, methods=LOOK),
        name="openid_connect_callback",
    ),
    path("desk/sign-in/cancelled", at_the_door(account.login, methods=LOOK), name="socialaccount_login_cancelled"),
]
