"""Is the plugin all there, and the shop soon ready? Each test runs the shop's own commands."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .running_shop import PASSWORD, RunningShop, running_shop

WRONG = [  # a change of the settings, and what is said of it
    ("MIDDLEWARE=settings.MIDDLEWARE[::-1]", "should be the first of MIDDLEWARE"),
    ("MIDDLEWARE=settings.MIDDLEWARE[1:]", "is missing from MIDDLEWARE"),
    ("TAKEBACK={'SECRET': 'no secret!', 'SOURCE': '/s'}", "is not a Standard Webhooks secret"),
    ("TAKEBACK={'SECRET': '', 'SOURCE': '/s'}", "events are only recorded"),
    ("TAKEBACK={'SECRET': ''}", "TAKEBACK['SOURCE'] is missing."),
]


@pytest.fixture
def still_shop(shop_dir: Path) -> Iterator[RunningShop]:
    """A shop with its database, not started."""
    with running_shop(shop_dir, start=False) as shop:
        yield shop


def test_every_change_of_a_table_has_its_migration(still_shop: RunningShop) -> None:
    assert "No changes" in still_shop.manage("makemigrations", "--check", "--dry-run")


def test_djangos_own_check_finds_nothing_wrong(still_shop: RunningShop) -> None:
    assert "no issues" in still_shop.manage("check", check=False)


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the check says of each wrong change of the settings, one after the other in one process."""
    script = [
        "import json",
        "from django.conf import settings",
        "from django.test import override_settings",
        "from takeback_oscar import checks",
        "told = []",
    ]
    for change, _ in WRONG:
        script += [
            f"with override_settings({change}):",
            "    told.append(' '.join(map(str, checks.installed_right())))",
        ]
    script.append("print(json.dumps(told))")
    with running_shop(tmp_path_factory.mktemp("wrong") / "shop", start=False) as shop:
        told: list[str] = json.loads(shop.manage("shell", "--no-imports", "-c", "\n".join(script)))
    return told


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_what_is_installed_wrong_is_said(sentences: list[str], change: str, sentence: str) -> None:
    said = sentences[WRONG.index((change, sentence))]
    assert sentence in said
    assert "no secret!" not in said


def test_a_second_shop_is_ready_in_two_seconds(still_shop: RunningShop) -> None:
    began = time.monotonic()
    still_shop.prepare()
    assert time.monotonic() - began < 2


def test_a_customer_who_registers_at_the_counter_has_a_name_and_a_number(still_shop: RunningShop) -> None:
    details = ("--email", "hanako@example.jp", "--password", PASSWORD, "--name", "佐藤 花子", "--phone", "+81312345678")
    account = still_shop.manage("create_customer", *details)
    row = still_shop.ask("SELECT last_name, first_name, phone FROM members_user WHERE id = ?", account)
    assert row == [("佐藤", "花子", "+81312345678")]
    assert "already" in still_shop.manage("create_customer", *details, check=False)


def test_the_shops_signing_key_is_its_owners_alone(still_shop: RunningShop) -> None:
    still_shop.manage("check")
    assert (still_shop.data_dir / "secret-key").stat().st_mode & 0o777 == 0o600
