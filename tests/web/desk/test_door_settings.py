"""The settings of the desk: what cannot work is said before anything starts, and https makes every cookie secure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from takeback.configuration import load_configuration
from takeback.core.errors import SettingsError

OIDC = {
    "TAKEBACK_DESK_OIDC_ISSUER": "https://id.shop.example",
    "TAKEBACK_DESK_OIDC_CLIENT_ID": "takeback",
    "TAKEBACK_DESK_OIDC_SECRET": "a secret, for the tests",
}
COOKIES = """
import json
from django.conf import settings
names = [name for name in dir(settings) if "COOKIE" in name or name == "SOCIALACCOUNT_PROVIDERS"]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""
LOADED = """
import sys
from takeback.bootstrap import house
house()
print("allauth" in sys.modules)
"""


def run(program: str, folder: Path, **variables: str) -> str:
    """What a process prints that reads these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TAKEBACK_", "DJANGO_"))}
    environment = kept | {"TAKEBACK_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "takeback.settings"} | variables
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_a_session_ends_after_half_an_hour_or_twelve_hours_unless_one_says_otherwise() -> None:
    said = load_configuration({}).desk
    assert (said.idle_seconds, said.session_seconds, said.oidc_issuer) == (1800, 43_200, None)


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"TAKEBACK_DESK_IDLE_SECONDS": "5"}, "desk.idle_seconds"),
        ({"TAKEBACK_DESK_IDLE_SECONDS": "7200", "TAKEBACK_DESK_SESSION_SECONDS": "3600"}, "is more than"),
        ({**OIDC, "TAKEBACK_DESK_OIDC_ISSUER": "http://id.shop.example"}, "desk.oidc_issuer is http"),
        ({**OIDC, "TAKEBACK_DESK_OIDC_ISSUER": "id.shop.example"}, "desk.oidc_issuer is not of the form"),
        ({name: value for name, value in OIDC.items() if "SECRET" not in name}, "desk.oidc_secret is not set"),
        ({"TAKEBACK_DESK_OIDC_SECRET": "alone"}, "desk.oidc_issuer is not set"),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(variables: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load_configuration(variables)


def test_a_secret_of_the_company_shows_itself_nowhere() -> None:
    assert OIDC["TAKEBACK_DESK_OIDC_SECRET"] not in repr(load_configuration(OIDC).desk)


def test_over_https_every_cookie_of_the_desk_is_secure_and_strict(tmp_path: Path) -> None:
    said = json.loads(run(COOKIES, tmp_path, TAKEBACK_BASE_URL="https://help.shop.example", **OIDC))
    for cookie in ("SESSION", "CSRF"):
        assert said[f"{cookie}_COOKIE_SECURE"] is True
        assert said[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert said[f"{cookie}_COOKIE_SAMESITE"] == "Strict"
        assert said[f"{cookie}_COOKIE_PATH"] == "/desk"
    assert said["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"][0]["client_id"] == "takeback"


def test_without_a_company_there_is_no_provider(tmp_path: Path) -> None:
    said = json.loads(run(COOKIES, tmp_path))
    assert said["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"] == []
    assert said["SESSION_COOKIE_SECURE"] is False


def test_a_worker_starts_without_what_signs_staff_in(tmp_path: Path) -> None:
    assert run(LOADED, tmp_path, DJANGO_SETTINGS_MODULE="takeback.worker_settings") == "False\n"
    assert run(LOADED, tmp_path) == "True\n"
