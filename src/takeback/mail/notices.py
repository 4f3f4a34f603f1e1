"""What does the owner read? One function for each mail of a case; templates in Japanese and English, text and simple
HTML.

No mail asks for a password. Every mail says where the case stands and ends with what to do next, or that there is
nothing to do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.template import Context, Engine

from takeback.casework.outcome import Change, OrderLine, Result
from takeback.casework.ports import Letter, Mailer
from takeback.core.case import Case, Language
from takeback.core.events import Money
from takeback.core.undo.plan import ActionKind
from takeback.words import known, name, say

_FOLDER = Path(__file__).parent / "templates"


class MailNotices:
    """Meets `casework.ports.Notices`: writes each mail and hands it to `mailer`. Times are told in `time_zone`."""

    def __init__(self, mailer: Mailer, *, time_zone: str = "Asia/Tokyo") -> None:
        self._mailer = mailer
        self._zone = ZoneInfo(time_zone)

    def send_account_frozen(self, case: Case, to: str, *, letter: str, page: str, services: Mapping[str, bool]) -> None:
        """Say that the account is stopped. `services`: source to whether it was read back as stopped."""
        told = [{"name": name_of(source), "stopped": stopped} for source, stopped in services.items()]
        self._send("account_frozen", case, to, letter, page, services=told, all_stopped=all(services.values()))

    def send_code(self, case: Case, to: str, *, letter: str, page: str, code: str, purpose: str) -> None:
        """Bring a one-time code."""
        self._send("code", case, to, letter, page, code=f"{code[:4]} {code[4:]}", purpose=purpose)

    def send_disowned(self, case: Case, to: str, *, letter: str) -> None:
        """Say that this address was said to be the owner's no more, and that nothing further goes there."""
        self._send("disowned", case, to, letter, "")

    def send_result(self, case: Case, to: str, *, letter: str, page: str, result: Result) -> None:
        """Say what was taken back, what stays, and what cannot be undone."""
        self._send("result", case, to, letter, page, **self._told(case.language, result))

    def send_hold_ended(self, case: Case, to: str, *, letter: str, page: str) -> None:
        """Say that a new password may be set."""
        self._send("hold_ended", case, to, letter, page)

    def send_welcome_back(self, case: Case, to: str, *, letter: str, page: str) -> None:
        """Say that the account is the owner's again."""
        self._send("welcome_back", case, to, letter, page)

    def send_was_this_you(
        self, to: str, *, letter: str, account: str, language: Language, door: str, seen: Sequence[str], at: datetime
    ) -> None:
        """Ask whether it was her, of no case."""
        told = [say(language, f"reason.{key}") for key in seen if known(language, f"reason.{key}")]
        context = {"language": language.value, "door": door, "seen": told, "at": told_time(language, at, self._zone)}
        subject, text, html = _pair("was_this_you", language, context, door)
        self._mailer.send(Letter(letter, "", "was_this_you", to, subject, text, html, account=account))

    def _send(self, template: str, case: Case, to: str, letter: str, page: str, **values: object) -> None:
        subject, text, html = _pair(template, case.language, {"case": case, "page": page, **values}, page)
        self._mailer.send(Letter(letter, case.id, template, to, subject, text, html))

    def _told(self, language: Language, result: Result) -> dict[str, object]:
        changes = [{"text": told_change(language, change), "held": change.held} for change in result.changes]
        return {
            "cards_locked": result.cards_locked,
            "cards_masked": result.cards_masked,
            "password_void": result.password_void,
            "changes": [change for change in changes if change["held"] is not False],
            "cancelled": [told_order(language, c.order) for c in result.cancelled if c.order and c.held is not False],
            "open": [told_change(language, c) for c in (*result.changes, *result.cancelled) if c.held is False],
            "kept": [told_kept(language, kept.target, kept.why) for kept in result.kept],
            "lost": [
                {
                    "what": name(language, "lost", lost.what),
                    "orders": [told_order(language, order) for order in lost.orders],
                    "advice": name(language, "advice", lost.advice),
                }
                for lost in result.lost
            ],
            "seen": [name(language, "viewed", what.removeprefix("viewed.")) for what in result.seen],
            "questions": result.questions,
            "hold_until": None if result.hold_until is None else told_time(language, result.hold_until, self._zone),
        }


def _pair(template: str, language: Language, values: Mapping[str, object], page: str) -> tuple[str, str, str]:
    """A letter's subject, its text and its HTML. `page`: where a line in the other language leads to, if anywhere."""
    other = _in_other_language(language, page)
    context = {"other": other, **values}
    subject, _, text = written(f"{template}.{language}.txt", context, autoescape=False).partition("\n")
    if other:
        text = f"{text.rstrip()}\n\n{other['words']}\n{other['page']}\n"
    html = written(f"{template}.{language}.html", context | {"subject": subject}, autoescape=True)
    return subject, text.lstrip("\n"), html


def told_change(language: Language, change: Change) -> str:
    """One act of the undoing, to stand in a list: `メールアドレス（h***@example.jp）`, `取り消し：注文番号 1043`."""
    kind = {"set_field": "field", "add_item": "collection", "remove_item": "collection", "adjust_balance": "balance"}
    target = name(language, kind[change.action], change.target) if change.action in kind else change.target
    if change.order is not None:
        set_right = change.action == ActionKind.SET_ORDER_FIELD
        target = change.order.id if set_right else told_order(language, change.order)
    text = say(language, f"undone.{change.action}", target=target[:1].upper() + target[1:])
    if change.value is None:
        return text
    return f"{text}（{change.value}）" if language is Language.JA else f"{text} ({change.value})"


def told_order(language: Language, order: OrderLine) -> str:
    """An order as the customer knows it: number, what was in it, what it cost."""
    names = ("、" if language is Language.JA else ", ").join(order.names[:3])
    more = "…" if len(order.names) > 3 else ""
    parts = [f"{names}{more}", told_money(language, order.total) if order.total else ""]
    told = " / ".join(part for part in parts if part)
    if language is Language.JA:
        return f"注文番号 {order.id}" + (f"　{told}" if told else "")
    return f"Order {order.id}" + (f": {told}" if told else "")


def told_money(language: Language, money: Money) -> str:
    """`5,980円` in Japanese, `5,980 JPY` in English."""
    value = money.value
    amount = f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"
    if language is Language.JA and money.currency == "JPY":
        return f"{amount}円"
    return f"{amount} {money.currency}"


def told_kept(language: Language, target: str, why: str) -> str:
    """What stays and why: `電話番号：その後にご本人が変更されたため`."""
    kind, _, rest = target.partition(":")
    if kind in ("field", "balance"):
        shown = name(language, kind, rest)
    elif kind == "order":
        shown = told_order(language, OrderLine(rest.partition(":")[0], (), None))
    else:
        shown = name(language, "collection", kind)
    return f"{shown}{'：' if language is Language.JA else ': '}{say(language, f'why.{why}')}"


def told_time(language: Language, at: datetime, zone: ZoneInfo) -> str:
    """A moment in the shop's own time zone: `11月2日 8時15分（JST）`."""
    there = at.astimezone(zone)
    if language is Language.JA:
        return f"{there.month}月{there.day}日 {there.hour}時{there.minute:02}分（{there.tzname()}）"
    return f"{there.day} {there:%B, %H:%M} ({there.tzname()})"


def name_of(source: str) -> str:
    """A service's source as people read it: the last part of its path."""
    return source.rstrip("/").rpartition("/")[2] or source


def _in_other_language(language: Language, page: str) -> dict[str, str]:
    """One line for who does not read this letter, in the other language, and the page in it; nothing without a page."""
    other = Language.EN if language is Language.JA else Language.JA
    if not page:
        return {}
    return {"language": other.value, "words": say(other, "mail.other_language"), "page": f"{page}?lang={other}"}


def written(template: str, context: Mapping[str, object], *, autoescape: bool) -> str:
    """A template of the folder, filled in."""
    return _engine().get_template(f"mail/{template}").render(Context(dict(context), autoescape=autoescape))


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_FOLDER)])
