"""Items 20 to 28: by which the account is known, and by which its owner is reached."""

from tests.casework.life import HIS, MINE, PASSWORD
from tests.checklist.night import Night
from tests.checklist.row import Act, Row, field_row, item_row
from tests.checklist.rows_credentials import she_gets_in

HERS_NEW = "hanako2@example.jp"


def confirms_hers(night: Night) -> None:
    night.owner("add_item", "pending_email_changes", "o", {"email": HERS_NEW})
    night.owner("confirm_email", "o")


def recovery(mail: str, phone: str, who: str) -> Act:
    def write(night: Night) -> None:
        act = night.owner if who == "owner" else night.intruder
        act("change_field", "recovery_email", mail)
        act("change_field", "recovery_phone", phone)

    return write


def asks_for_resets(night: Night) -> None:
    """A link to the old address, then one to his own."""
    night.intruder("request_link", "x-old", to="h***@example.jp")
    night.intruder("change_field", "email", HIS)
    night.intruder("request_link", "x-new", to="t***@evil.example")


def resets(night: Night) -> None:
    night.owner("request_link", "o-reset", to="h***@example.jp")
    night.owner("use_link", "o-reset", new_password="her own idea of a new one", session="hers-reset")


def second_step_by_sms(night: Night) -> None:
    night.owner("change_field", "two_step", "sms")


def with_her_number(night: Night) -> None:
    """Her number has been moved to his SIM card: what is sent there, he reads."""
    night.shop.text_code(night.account)
    night.intruder("sign_in", password=PASSWORD, code=night.shop.texts[-1][1])
    assert night.is_in("theirs")


def no_word_by_telephone(night: Night) -> bool:
    """Takeback's own codes and letters go by mail alone, and his number with the old password opens nothing."""
    night.shop.text_code(night.account)
    tried = night.gets_in(night.intruder, password=PASSWORD, code=night.shop.texts[-1][1])
    return not tried and all("@" in to for to in night.kept.get("letters", ()))


def with_her_mailbox(night: Night) -> None:
    """He reads her mail: the link came to her own address."""
    night.intruder("request_link", "x-mail", to="h***@example.jp")
    night.intruder("use_link", "x-mail")
    assert night.is_in("theirs")


def two_contacts(night: Night) -> None:
    for name in ("c1", "c2"):
        night.owner("add_item", "contacts", name, {"kind": "email", "value": f"{name}@example.jp", "verified": False})


def verified(night: Night, name: str) -> bool:
    contact = night.item("contacts", name)
    return isinstance(contact, dict) and contact["verified"] is True


ROWS = (
    field_row(20, "the e mail address", "email", was=MINE, his=HIS, hers=HERS_NEW),
    Row(
        21,
        "an e mail change that waits for its link",
        plant=lambda night: night.intruder("add_item", "pending_email_changes", "x", {"email": HIS}),
        later=confirms_hers,
        held=lambda night: night.refuses(night.intruder, "confirm_email", "x"),
        gone=lambda night: night.refuses(night.intruder, "confirm_email", "x") and night.fields["email"] != HIS,
        still_there=lambda night: night.fields["email"] == HERS_NEW,
    ),
    item_row(
        22,
        "a second address",
        "contacts",
        his={"kind": "email", "value": HIS, "verified": True},
        hers={"kind": "email", "value": HERS_NEW, "verified": True},
        gone=lambda night: night.refuses(night.intruder, "request_link", "x-link", contact="x"),
        still_there=lambda night: not night.refuses(night.owner, "request_link", "o-link", contact="o"),
    ),
    Row(
        23,
        "the address and number for recovery",
        before=recovery("mother@example.jp", "+81311110000", "owner"),
        plant=recovery(HIS, "+40700000000", "intruder"),
        later=recovery("sister@example.jp", "+81322220000", "owner"),
        again=recovery(HIS, "+40700000000", "intruder"),
        gone=lambda night: HIS not in night.fields.values() and "+40700000000" not in night.fields.values(),
        still_there=lambda night: (
            (night.fields["recovery_email"], night.fields["recovery_phone"]) == ("sister@example.jp", "+81322220000")
        ),
    ),
    Row(
        24,
        "a reset link that is still out",
        plant=asks_for_resets,
        later=resets,
        held=lambda night: all(night.refuses(night.intruder, "use_link", link) for link in ("x-old", "x-new")),
        gone=lambda night: all(
            night.refuses(night.intruder, "use_link", link, new_password="his") for link in ("x-old", "x-new")
        ),
        still_there=she_gets_in,
    ),
    field_row(25, "the user name", "username", was="hanako", his="taro-x", hers="hanako-s"),
    Row(
        26,
        "a telephone number on another SIM card",
        before=second_step_by_sms,
        enters=with_her_number,
        plant=lambda night: night.intruder("view", "orders"),
        later=lambda night: night.owner("change_field", "phone", "+819099990000"),
        gone=no_word_by_telephone,
        still_there=lambda night: night.fields["phone"] == "+819099990000",
    ),
    Row(
        27,
        "the mailbox itself",
        enters=with_her_mailbox,
        plant=lambda night: night.intruder("request_link", "x-more", to="h***@example.jp"),
        later=lambda night: night.owner("change_field", "email", HERS_NEW),
        gone=lambda night: not night.is_in("theirs") and night.refuses(night.intruder, "use_link", "x-more"),
        still_there=lambda night: night.fields["email"] == HERS_NEW,
        says=("page.advice_mailbox",),
    ),
    Row(
        28,
        "an address that counts as verified",
        before=two_contacts,
        plant=lambda night: night.intruder("confirm_contact", "c1"),
        later=lambda night: night.owner("confirm_contact", "c2"),
        gone=lambda night: (
            not verified(night, "c1") and night.refuses(night.intruder, "request_link", "x-link", contact="c1")
        ),
        still_there=lambda night: (
            verified(night, "c2") and not night.refuses(night.owner, "request_link", "o-link", contact="c2")
        ),
    ),
)
