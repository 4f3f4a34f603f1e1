"""How does a test come in by the door itself? With name and password, and the code of an app, as a person would."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from takeback.web.desk.entry_factors import FactorAdapter
from tests.web.desk.people import PASSWORD

PERIOD = 30  # seconds


def text(answer: HttpResponse) -> str:
    """The page."""
    return answer.content.decode()


def code_of(name: str, *, ahead: int = 0) -> str:
    """What the member's app shows now, or `ahead` periods from now."""
    row = Authenticator.objects.get(user__username=name, type=Authenticator.Type.TOTP)
    return code_for(FactorAdapter().decrypt(row.data["secret"]), ahead=ahead)


def code_for(secret: str, *, ahead: int = 0) -> str:
    """The code of a secret that an app was given."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + ahead)))


def give_password(browser: Client, name: str, password: str = PASSWORD, at: str = "/desk/sign-in") -> HttpResponse:
    """Fill in the first form of the door."""
    return browser.post(at, {"login": name, "password": password})  # type: ignore[return-value]


def come_in(browser: Client, name: str) -> HttpResponse:
    """Both forms of the door; the answer to the second."""
    assert give_password(browser, name).headers["Location"].startswith("/desk/sign-in/factor")
    return browser.post("/desk/sign-in/factor", {"code": code_of(name)})  # type: ignore[return-value]


def secret_on(answer: HttpResponse) -> str:
    """The secret that the page gives an app to scan or type."""
    found = re.search(r'<code id="secret">([A-Z2-7]+)</code>', text(answer))
    assert found is not None
    return found[1]


def codes_on(answer: HttpResponse) -> list[str]:
    """The recovery codes that the page shows."""
    return re.findall(r"<li><code>([^<]+)</code></li>", text(answer))
