"""Items 29 to 39: what is tied to the account, and what keeps its owner from noticing."""

from datetime import timedelta
from typing import Any

from tests.casework.life import HIS, MINE, NIGHT
from tests.checklist.night import Night, order_of
from tests.checklist.row import Act, Row, field_row, item_row, nothing, so
from tests.checklist.rows_credentials import she_gets_in

HIS_HOOK, HER_HOOK = "https://collector.example/hook", "https://home.example/hook"
OUT = {"state": "opt-out-initiated", "since": NIGHT.isoformat()}


def second_account(night: Night) -> None:
    for number in ("666", "43"):
        night.shop.register(number, night.at, {"email": f"{number}@example.jp"}, password="of its own")


def new_grant_works(night: Night) -> bool:
    night.owner("sign_in", session="for-grant", password=night.password)
    night.owner("add_item", "app_grants", "o-new", {"app": "calendar"}, session="for-grant")
    return night.gets_in(night.owner, method="token", credential="o-new")


def called(night: Night, url: str) -> bool:
    """True when an act of today calls this webhook."""
    night.shop.calls.clear()
    night.owner("sign_in", session="for-hook", password=night.password)
    return url in {called for called, _ in night.shop.calls}


def alerted(night: Night) -> list[Any]:
    """Whom the shop tells of a sign-in of today, and in which language."""
    night.shop.alerts.clear()
    night.owner("sign_in", session="for-alert", password=night.password)
    return night.shop.alerts


def speaks(who: str, language: str, region: str) -> Act:
    def write(night: Night) -> None:
        act = night.owner if who == "owner" else night.intruder
        act("change_field", "language", language)
        act("change_field", "region", region)

    return write


def hides_orders(night: Night) -> None:
    night.intruder("place_order", order_of("x-1"))
    night.intruder("add_item", "hidden_orders", "x-1", {})
    night.intruder("add_item", "hidden_orders", "42-4", {})


ROWS = (
    item_row(
        29,
        "a linked identity",
        "linked_identities",
        his={"provider": "idp.example", "verified": True},
        hers={"provider": "bank.example", "verified": True},
        gone=lambda night: not night.gets_in(night.intruder, method="sso", credential="x"),
        still_there=lambda night: night.gets_in(night.owner, method="sso", credential="o"),
    ),
    item_row(
        30,
        "an identity provider that verifies nothing",
        "linked_identities",
        his={"provider": "anybody.example", "verified": False},
        hers={"provider": "bank.example", "verified": True},
        gone=lambda night: (
            not night.gets_in(night.intruder, method="sso", credential="x")
            and night.refuses(night.intruder, "sign_in_by_provider", email=MINE, verified=False)
        ),
        still_there=lambda night: (
            night.gets_in(night.owner, method="sso", credential="o")
            and not night.refuses(night.owner, "sign_in_by_provider", email=MINE, verified=True)
        ),
        says=("collection.linked_identities",),
    ),
    item_row(
        31,
        "a connected app",
        "app_grants",
        his={"app": "exporter", "scope": "orders"},
        hers={"app": "household accounts", "scope": "orders"},
        gone=lambda night: not night.gets_in(night.intruder, method="token", credential="x"),
        still_there=new_grant_works,
    ),
    item_row(
        32,
        "a delegate",
        "delegates",
        his={"name": "Taro"},
        hers={"name": "her sister"},
        gone=lambda night: not night.gets_in(night.intruder, method="delegate", credential="x"),
        still_there=lambda night: night.gets_in(night.owner, method="delegate", credential="o"),
    ),
    item_row(
        33,
        "a second account merged into hers",
        "merged_accounts",
        before=second_account,
        his={"account": "666"},
        hers={"account": "43"},
        gone=lambda night: not night.gets_in(night.intruder, method="merged", credential="x"),
        still_there=lambda night: night.gets_in(night.owner, method="merged", credential="o"),
    ),
    item_row(
        34,
        "a webhook",
        "webhooks",
        his={"url": HIS_HOOK},
        hers={"url": HER_HOOK},
        gone=lambda night: not called(night, HIS_HOOK),
        still_there=lambda night: called(night, HER_HOOK),
    ),
    field_row(
        35,
        "muted notifications",
        "notifications",
        was={"sign_ins": True},
        his={"sign_ins": False, "to": HIS},
        hers={"sign_ins": True, "to": "hanako-alerts@example.jp"},
        gone=lambda night: [to for to, _ in alerted(night)] not in ([], [HIS]),
        still_there=lambda night: [to for to, _ in alerted(night)] == ["hanako-alerts@example.jp"],
    ),
    Row(
        36,
        "hidden orders",
        plant=hides_orders,
        later=lambda night: night.owner("add_item", "hidden_orders", "42-1", {}),
        gone=lambda night: {"42-4", "x-1"} <= night.shop.orders_shown(night.account),
        still_there=lambda night: "42-1" not in night.shop.orders_shown(night.account),
    ),
    Row(
        37,
        "language and region",
        before=speaks("owner", "ja", "JP"),
        plant=speaks("intruder", "ro", "RO"),
        later=speaks("owner", "en", "US"),
        again=speaks("intruder", "ro", "RO"),
        gone=lambda night: "ro" not in [language for _, language in alerted(night)] and night.fields["region"] != "RO",
        still_there=lambda night: (night.fields["language"], night.fields["region"]) == ("en", "US"),
    ),
    Row(
        38,
        "rules in the mailbox",
        for_good=True,
        # In the owner's mailbox, where no shop sees it: nothing but his sign-in is planted here.
        plant=lambda night: night.intruder("view", "orders"),
        later=nothing,
        gone=lambda night: set(night.kept.get("letters", [MINE])) == {MINE},
        still_there=she_gets_in,
        says=("page.advice_mailbox",),
    ),
    field_row(
        39,
        "opting out of security events",
        "security_events",
        was={"state": "opt-in"},
        his=OUT,
        hers={"state": "opt-in", "to": "hanako-alerts@example.jp"},
        # The grace keeps them coming while the case runs; the undoing keeps them coming afterwards.
        held=lambda night: night.shop.tells_security_events(night.account, NIGHT + timedelta(days=1)),
        gone=lambda night: night.shop.tells_security_events(night.account, NIGHT + timedelta(days=60)),
        still_there=so,
    ),
)
