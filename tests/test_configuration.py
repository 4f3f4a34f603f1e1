"""Do the settings say what is wrong with them, and does the handbook know them all?"""

import json
import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from takeback.configuration import (
    Configuration,
    Secret,
    ServiceAddress,
    Tls,
    load_configuration,
    setting_names,
    variable_of,
)
from takeback.core.case import Language
from takeback.core.errors import SettingsError

HANDBOOK = Path(__file__).parents[1] / "docs" / "reference" / "settings.md"
SECRET = "whsec_" + b64encode(b"x" * 24).decode()
SERVICE = {"source": "/shops/oscar", "base_url": "https://shop.example/takeback", "secret": SECRET}


def file(tmp_path: Path, text: str) -> dict[str, str]:
    """The environment of a process whose file of settings says `text`."""
    path = tmp_path / "takeback.toml"
    path.write_text(text, encoding="utf-8")
    return {"TAKEBACK_CONFIG": str(path)}


def services(*changes: dict[str, object]) -> dict[str, str]:
    return {"TAKEBACK_SERVICES": json.dumps([SERVICE | change for change in changes])}


def test_without_file_or_environment_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = load_configuration({})
    assert configuration == Configuration(data_dir=tmp_path / "takeback-data")
    assert configuration.hold_seconds == 5 * 60 * 60
    assert not configuration.data_dir.exists()


def test_the_file_in_the_working_directory_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file(tmp_path, 'language = "en"\n[smtp]\nhost = "mail.example"\ntls = "starttls"\n')
    monkeypatch.chdir(tmp_path)
    configuration = load_configuration({})
    assert configuration.language is Language.EN
    assert (configuration.smtp.host, configuration.smtp.tls) == ("mail.example", Tls.STARTTLS)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environment = file(tmp_path, "hold_seconds = 60\n[approval]\nmax_orders = 3\n")
    environment |= {"TAKEBACK_HOLD_SECONDS": "90", "TAKEBACK_APPROVAL_STANDING_RULE": "false"}
    configuration = load_configuration(environment)
    assert configuration.hold_seconds == 90
    assert (configuration.approval.standing_rule, configuration.approval.max_orders) == (False, 3)


def test_a_relative_folder_starts_where_it_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    environment = file(tmp_path / "etc", 'data_dir = "data"\n')
    monkeypatch.chdir(tmp_path)
    assert load_configuration(environment).data_dir == tmp_path / "etc" / "data"
    assert load_configuration(environment | {"TAKEBACK_DATA_DIR": "data"}).data_dir == tmp_path / "data"


def test_services_come_from_file_or_environment(tmp_path: Path) -> None:
    said = f'[[services]]\nsource = "/shops/oscar"\nbase_url = "https://shop.example/takeback"\nsecret = "{SECRET}"\n'
    shop = ServiceAddress(source="/shops/oscar", base_url="https://shop.example/takeback", secret=Secret(SECRET))
    assert load_configuration(file(tmp_path, said)).services == (shop,)
    assert load_configuration(services({})).services == (shop,)


def test_hosts_are_those_of_the_address_the_setting_and_this_machine() -> None:
    environment = {"TAKEBACK_BASE_URL": "https://help.example:8443", "TAKEBACK_ALLOWED_HOSTS": "a.example, b.example"}
    hosts = load_configuration(environment).hosts
    assert hosts == ["help.example", "a.example", "b.example", "localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"TAKEBACK_CONFIG": "/no/such.toml"}, "TAKEBACK_CONFIG names /no/such.toml, which does not exist."),
        (
            {"TAKEBACK_SMTP_PORT": "x"},
            "The setting smtp.port (TAKEBACK_SMTP_PORT) is wrong: expected `int`, got `str`.",
        ),
        ({"TAKEBACK_HOLD_SECONDS": "0"}, "hold_seconds (TAKEBACK_HOLD_SECONDS) is wrong: expected `int` >= 1."),
        ({"TAKEBACK_LANGUAGE": "fr"}, "language (TAKEBACK_LANGUAGE) is wrong: invalid enum value 'fr'."),
        ({"TAKEBACK_DATA_DIR": ""}, "data_dir (TAKEBACK_DATA_DIR) is wrong"),
        ({"TAKEBACK_SECRET_KEY": "short"}, "secret_key is shorter than 32 characters."),
        ({"TAKEBACK_BASE_URL": "help.example"}, "base_url is not of the form"),
        ({"TAKEBACK_BASE_URL": "https://help.example/path"}, "base_url is not of the form"),
        ({"TAKEBACK_BASE_URL": "https://help.example:port"}, "base_url is not of the form"),
        ({"TAKEBACK_TIME_ZONE": "Edo"}, "time_zone is not the name of a time zone, such as Asia/Tokyo."),
        ({"TAKEBACK_TIME_ZONE": "../etc"}, "time_zone is not the name of a time zone, such as Asia/Tokyo."),
        ({"TAKEBACK_SMTP_USERNAME": "me"}, "smtp.username and smtp.password belong together"),
        (
            {"TAKEBACK_SMTP_USERNAME": "me", "TAKEBACK_SMTP_PASSWORD": "hush", "TAKEBACK_SMTP_HOST": "mail.example"},
            "smtp.password would travel in the clear",
        ),
        ({"TAKEBACK_SMTP_FROM_ADDRESS": "me"}, "smtp.from_address is not a mail address."),
        ({"TAKEBACK_SERVICES": "/shops/oscar"}, "TAKEBACK_SERVICES is not a JSON array of services."),
        ({"TAKEBACK_SERVICES": "[1]"}, "The setting services[0] is wrong"),
        (services({"secret": 5}), "The setting services[0].secret is wrong"),
        (services({"colour": "red"}), "There is no setting services[0].colour."),
        (services({}, {"source": "/b"}), "Two services have the same secret"),
        (services({}, {"secret": b64encode(b"y" * 24).decode()}), "Two services have the same source"),
        (services({"secret": "?"}), "services[0] (/shops/oscar): secret is not base64"),
        (services({"secret": "aGVsbG8="}), "secret is shorter than 24 bytes."),
        (services({"base_url": "shop"}), "services[0] (/shops/oscar): base_url is not of the form"),
        (services({"base_url": "http://shop.example/t"}), "new passwords travel over it: use https"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_thing_that_is_wrong_is_told_in_one_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_configuration(environment)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[smpt]\nhost = 'a'\n", "There is no setting smpt."),
        ("smtp = 3\n", "The setting smtp"),
        ("[smtp]\nhost = \n", "is not TOML"),
    ],
)
def test_a_wrong_file_is_told_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_configuration(file(tmp_path, text))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rules_over_the_events_come_from_file_or_environment_and_nonsense_is_told_in_one_sentence(
    tmp_path: Path,
) -> None:
    rule = '{name = "r", does = "ask", within = 60, steps = [{act = "ordered", over = 5}], on = true}'
    (tmp_path / "takeback.toml").write_text(f"notice.rules = [{rule}]\n", encoding="utf-8")
    of_file = load_configuration({"TAKEBACK_CONFIG": str(tmp_path / "takeback.toml")})
    json = '[{"name": "r", "does": "ask", "within": 60, "steps": [{"act": "ordered", "over": 5}], "on": true}]'
    assert load_configuration({"TAKEBACK_NOTICE_RULES": json}).notice == of_file.notice
    with pytest.raises(SettingsError, match=r"^notice\.rules: The rule r would meet every ordered of every account\.$"):
        load_configuration({"TAKEBACK_NOTICE_RULES": json.replace(', "over": 5', "")})
    with pytest.raises(SettingsError, match=r"^TAKEBACK_NOTICE_RULES is not a JSON array of rules\.$"):
        load_configuration({"TAKEBACK_NOTICE_RULES": "many"})


def test_plain_http_is_for_this_machine_or_for_those_who_say_so() -> None:
    assert load_configuration(services({"base_url": "http://127.0.0.1:8001/takeback"})).services
    assert load_configuration(services({"base_url": "http://shop:8001/takeback", "plain_http": True})).services


def test_the_settings_print_no_secret() -> None:
    environment = services({}) | {"TAKEBACK_SECRET_KEY": "k" * 32, "TAKEBACK_SMTP_USERNAME": "me"}
    printed = repr(load_configuration(environment | {"TAKEBACK_SMTP_PASSWORD": "hush"}))
    assert printed.count("'***'") == 3
    assert not any(secret in printed for secret in (SECRET, "k" * 32, "hush"))


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    configuration = Configuration(data_dir=tmp_path / "data")
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: configuration.secret(), range(8)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 32
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    names = {path.name for path in (tmp_path / "data").iterdir()}
    assert names == {"secret_key", "events.db", "cases.db"}


def test_what_is_stored_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    configuration = Configuration(data_dir=tmp_path)
    configuration.make_data_dir()
    paths = (configuration.events_path, configuration.cases_path)
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"data_dir: .*file/data cannot be made: Not a directory\."):
        Configuration(data_dir=tmp_path / "file" / "data").make_data_dir()


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    configuration = Configuration(data_dir=tmp_path)
    configuration.secret()
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(SettingsError, match="can be read by others: chmod 600"):
        configuration.secret()


def test_each_purpose_has_a_key_of_its_own() -> None:
    configuration = Configuration(secret_key=Secret("s" * 32))
    assert len({configuration.key("one"), configuration.key("two"), b"s" * 32}) == 3
    assert configuration.key("one") == Configuration(secret_key=Secret("s" * 32)).key("one")


def test_every_setting_is_in_the_handbook() -> None:
    text = HANDBOOK.read_text(encoding="utf-8")
    of_a_service = [f"services.{name}" for name in setting_names(ServiceAddress)]
    missing = [name for name in [*setting_names(), *of_a_service] if f"`{name}`" not in text]
    missing += [variable_of(name) for name in setting_names() if f"`{variable_of(name)}`" not in text]
    assert missing == []


def test_every_setting_in_the_handbook_exists() -> None:
    rows = [
        line.split("|")[1].strip(" `")
        for line in HANDBOOK.read_text(encoding="utf-8").splitlines()
        if line[:3] == "| `"
    ]
    of_a_service = [f"services.{name}" for name in setting_names(ServiceAddress)]
    assert set(rows) == {*setting_names(), *of_a_service} - {"services"}
