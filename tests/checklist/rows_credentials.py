"""Items 1 to 9: what lets somebody sign in."""

from tests.casework.life import PASSWORD
from tests.checklist.night import Night
from tests.checklist.row import Row, item_row

CODE, HIS_CODE = "what her authenticator shows", "what his authenticator shows"


def second_step(night: Night) -> None:
    """The owner has an authenticator."""
    night.owner("set_up_second_step", "her-first", CODE)


def with_code(night: Night) -> None:
    """The intruder has the password, and a code that the owner typed into his copy of the page."""
    assert night.intruder("sign_in", password=PASSWORD, code=CODE)["type"] == "account.signed_in"


def she_gets_in(night: Night) -> bool:
    return night.gets_in(night.owner, password=night.password)


def question(night: Night) -> None:
    night.owner("change_field", "security_question", "ペットの名前は？", secret="ポチ")


def codes(night: Night) -> None:
    second_step(night)
    night.owner("add_item", "backup_codes", "b1", {"made": "2026-09"}, secrets=("b1-1", "b1-2"))


def makes_codes(night: Night) -> None:
    """Whoever makes new codes voids the old set. The page with the old ones was open before."""
    night.intruder("view", "backup_codes")
    night.intruder("remove_item", "backup_codes", "b1")
    night.intruder("add_item", "backup_codes", "x", {"made": "2026-11"}, secrets=("x-1", "x-2"))


ROWS = (
    Row(
        1,
        "the password that he knows",
        plant=lambda night: night.intruder("view", "orders"),
        later=lambda night: night.owner("change_password", "her own idea of a new one"),
        gone=lambda night: not night.gets_in(night.intruder, password=PASSWORD),
        still_there=she_gets_in,
    ),
    Row(
        2,
        "the password that he set",
        plant=lambda night: night.intruder("change_password", "chosen by him"),
        later=lambda night: night.owner("change_password", "her own idea of a new one"),
        again=lambda night: night.intruder("change_password", "chosen by him again"),
        gone=lambda night: (
            not any(night.gets_in(night.intruder, password=f"chosen by him{more}") for more in ("", " again"))
        ),
        still_there=she_gets_in,
    ),
    item_row(
        3,
        "a passkey",
        "passkeys",
        his={"name": "his telephone"},
        hers={"name": "her tablet"},
        gone=lambda night: not night.gets_in(night.intruder, method="passkey", credential="x"),
        still_there=lambda night: night.gets_in(night.owner, method="passkey", credential="o"),
    ),
    Row(
        4,
        "a second factor",
        before=second_step,
        enters=with_code,
        plant=lambda night: night.intruder("set_up_second_step", "his", HIS_CODE),
        later=lambda night: night.owner("set_up_second_step", "her-second", "what her new authenticator shows"),
        again=lambda night: night.intruder("set_up_second_step", "his-second", HIS_CODE),
        gone=lambda night: not night.gets_in(night.intruder, password=night.password, code=HIS_CODE),
        still_there=lambda night: night.gets_in(
            night.owner, password=night.password, code="what her new authenticator shows"
        ),
        lost=frozenset({"two_step_secret.changed"}),
        says=("lost.two_step_secret.changed", "advice.set_up_second_factor"),
    ),
    Row(
        5,
        "backup codes",
        before=codes,
        enters=with_code,
        plant=makes_codes,
        later=lambda night: night.owner("add_item", "backup_codes", "o", {"made": "hers"}, secrets=("o-1",)),
        gone=lambda night: (
            night.item("backup_codes", "x") is None
            and not night.gets_in(night.intruder, password=night.password, code="x-1")
        ),
        still_there=lambda night: (
            night.gets_in(night.owner, password=night.password, code="o-1")
            and night.item("backup_codes", "b1") is not None
        ),
        lost=frozenset({"viewed.backup_codes"}),
        says=("viewed.backup_codes",),
    ),
    item_row(
        6,
        "an app password",
        "app_passwords",
        his={"name": "imap"},
        hers={"name": "calendar"},
        gone=lambda night: not night.gets_in(night.intruder, method="app_password", credential="x"),
        still_there=lambda night: night.gets_in(night.owner, method="app_password", credential="o"),
    ),
    Row(
        7,
        "a trusted device",
        before=second_step,
        enters=with_code,
        plant=lambda night: night.intruder("add_item", "trusted_devices", "d-evil", {"name": "his computer"}),
        later=lambda night: night.owner("add_item", "trusted_devices", "d-phone", {"name": "her telephone"}),
        # Even with the new password: the device would spare him the second step.
        gone=lambda night: not night.gets_in(night.intruder, password=night.password),
        still_there=she_gets_in,
    ),
    Row(
        8,
        "the security question",
        before=question,
        plant=lambda night: night.intruder("change_field", "security_question", "好きな色は？", secret="黒"),
        later=lambda night: night.owner("change_field", "security_question", "最初の先生は？", secret="田中"),
        again=lambda night: night.intruder("change_field", "security_question", "好きな色は？", secret="黒"),
        gone=lambda night: night.refuses(night.intruder, "answer_question", "黒", session="by-answer"),
        still_there=lambda night: not night.refuses(night.owner, "answer_question", "田中", session="by-answer"),
    ),
    Row(
        9,
        "a magic link not used yet",
        plant=lambda night: night.intruder("request_link", "x-magic", to="h***@example.jp"),
        later=lambda night: night.owner("request_link", "o-magic", to="h***@example.jp"),
        held=lambda night: night.refuses(night.intruder, "use_link", "x-magic"),
        gone=lambda night: night.refuses(night.intruder, "use_link", "x-magic"),
        # Links end for everybody; hers is a fresh one.
        still_there=lambda night: (
            night.owner("request_link", "o-fresh", to="h***@example.jp") is not None
            and not night.refuses(night.owner, "use_link", "o-fresh", session="by-link")
        ),
    ),
)
