"""How does Django call the customers, and by whose clock are their sign-ins noted?"""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "shop.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.models import update_last_login
        from django.contrib.auth.signals import user_logged_in
        from shop.members import receivers

        # The same as Django does, by the shop's clock, so that a demo's year of sign-ins is a year apart.
        user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
        user_logged_in.connect(receivers.note_sign_in, dispatch_uid="shop.note_sign_in")
