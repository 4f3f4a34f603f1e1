"""Are the settings of telephones and leaked passwords checked before anything starts, and is what they name built?"""

from pathlib import Path

import pytest

from takeback.configuration import Configuration, load_configuration
from takeback.core.errors import SettingsError
from takeback.fittings import build_leaks, build_phones
from takeback.phones.console import ConsolePhones
from takeback.phones.twilio import TwilioPhones
from tests.leaks.lists import folder, hashed
from tests.phones.exchange import ACCOUNT, KEY, SECRET, SENDER

TWILIO = {
    "TAKEBACK_PHONES_PROVIDER": "twilio",
    "TAKEBACK_PHONES_ACCOUNT": ACCOUNT,
    "TAKEBACK_PHONES_KEY": KEY,
    "TAKEBACK_PHONES_SECRET": SECRET,
    "TAKEBACK_PHONES_SENDER": SENDER,
}


def load(**changes: str) -> Configuration:
    return load_configuration({**TWILIO, **changes})


def test_without_settings_there_is_no_sender_and_the_built_in_list() -> None:
    said = load_configuration({})
    assert build_phones(said.phones) is None
    assert [one.name for one in build_leaks(said.leaks)] == ["leaks.worst"]


def test_twilio_is_built_from_its_settings() -> None:
    made = build_phones(load().phones)
    assert isinstance(made, TwilioPhones)
    made.close()


def test_the_console_is_built_without_any_other_setting() -> None:
    assert isinstance(build_phones(load_configuration({"TAKEBACK_PHONES_PROVIDER": "console"}).phones), ConsolePhones)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("TAKEBACK_PHONES_ACCOUNT", "me", "phones.account"),
        ("TAKEBACK_PHONES_SENDER", "050-1234-5678", "phones.sender"),
        ("TAKEBACK_PHONES_ADDRESS", "http://twilio.example", "phones.address"),
        ("TAKEBACK_PHONES_ADDRESS", "twilio", "phones.address"),
        ("TAKEBACK_PHONES_PROVIDER", "pigeon", "phones.provider"),
        ("TAKEBACK_LEAKS_SERVICE", "http://ranges.example/range", "leaks.service"),
    ],
)
def test_a_setting_that_cannot_work_is_said_by_its_name(name: str, value: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        load(**{name: value})


@pytest.mark.parametrize("name", ["ACCOUNT", "KEY", "SECRET", "SENDER"])
def test_twilio_without_one_of_its_settings_is_refused(name: str) -> None:
    told = {key: value for key, value in TWILIO.items() if not key.endswith(name)}
    with pytest.raises(SettingsError, match=f"phones.{name.lower()} is not set"):
        load_configuration(told)


def test_a_name_may_send_text_messages_and_not_call() -> None:
    assert load(TAKEBACK_PHONES_SENDER="Example", TAKEBACK_PHONES_VOICE="false").phones.sender == "Example"
    with pytest.raises(SettingsError, match=r"set phones\.voice to false"):
        load(TAKEBACK_PHONES_SENDER="Example")


def test_the_secret_of_the_key_shows_itself_to_nobody() -> None:
    assert SECRET not in repr(load())


def test_lists_and_folders_are_built_in_their_order(tmp_path: Path) -> None:
    lists = hashed(tmp_path / "list.txt", ["leaked"])
    ranges = folder(tmp_path / "ranges", ["leaked"])
    said = load(TAKEBACK_LEAKS_LISTS=f"{lists}", TAKEBACK_LEAKS_RANGES=f"{ranges}",
                TAKEBACK_LEAKS_SERVICE="https://ranges.example/range")  # fmt: skip
    made = build_leaks(said.leaks)
    assert [one.name for one in made] == ["leaks.worst", "leaks.list", "leaks.ranges", "leaks.service"]
    for one in made:
        one.close()


def test_paths_in_the_file_begin_at_its_folder(tmp_path: Path) -> None:
    hashed(tmp_path / "list.txt", ["leaked"])
    (tmp_path / "takeback.toml").write_text('[leaks]\nlists = ["list.txt"]\n', encoding="utf-8")
    said = load_configuration({"TAKEBACK_CONFIG": str(tmp_path / "takeback.toml")})
    assert said.leaks.lists == (tmp_path / "list.txt",)
