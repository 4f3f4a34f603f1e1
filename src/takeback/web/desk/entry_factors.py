"""How are second factors kept? Their secrets encrypted, under a key of this installation's own."""

from base64 import urlsafe_b64encode

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from takeback.bootstrap import house
from takeback.web.desk.entry_adapter import told
from takeback.web.words import language_of
from takeback.words import say


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What the desk wants otherwise than allauth does by itself, of second factors."""

    def encrypt(self, text: str) -> str:
        """A secret as it lies in the database: whoever reads that alone cannot make codes."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Under another installation's key no code fits: an admin's link sets up a new one."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise self.validation_error("incorrect_code") from None

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """What is wrong, in the language of the page."""
        return told(code, super().validation_error(code, *args))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """All but the last: without one nobody is let in."""
        return others(authenticator) > 0

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """How a browser shows whose passkey it is: by name, never by mail address."""
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.get_username()}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """How an app shows whose code it is."""
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """What a passkey is called whose owner gives it no name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return say(language_of(context.request), "desk_door.passkey_number", number=number)

    def _get_site_name(self) -> str:
        return "Takeback"


def has_factor(user: AbstractBaseUser) -> bool:
    """True for a member who has set up a second factor; codes on paper are none."""
    of_hers = Authenticator.objects.filter(user_id=user.pk)
    return bool(of_hers.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def others(authenticator: Authenticator) -> int:
    """How many second factors the member has beside this one; codes on paper are none."""
    of_hers = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(id=authenticator.id)
    return int(of_hers.exclude(type=Authenticator.Type.RECOVERY_CODES).count())


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(house().configuration.key("second factors")))
