"""`takeback check-mail`: read the mail, check it, answer. Nothing is printed before everything was read."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from takeback.configuration import load_configuration
from takeback.core.authenticity.ledger import LedgerBook
from takeback.core.authenticity.reasons import Reason, Side
from takeback.core.authenticity.shop import Shop
from takeback.core.authenticity.verdict import Judgement, Verdict
from takeback.core.errors import InputError
from takeback.mail.authenticity.answer import answer
from takeback.mail.authenticity.checking import Checked, check_mail
from takeback.mail.authenticity.likeness import make_shop
from takeback.mail.dns.port import Resolver
from takeback.mail.dns.zone import read_zone
from takeback.store.files import STANDARD_INPUT, read_events
from takeback.terminal.language import chosen
from takeback.terminal.phrases import plain
from takeback.words import say

LARGEST = 100 * 1024 * 1024  # bytes; mail servers take far less
BAD_NEWS = frozenset({Judgement.FORGED, Judgement.LOOKALIKE})
STYLE = {
    Judgement.GENUINE: "green",
    Judgement.FORGED: "red",
    Judgement.LOOKALIKE: "red",
    Judgement.UNKNOWN: "yellow",
}
SIGN = {Side.FOR: ("+", "green"), Side.AGAINST: ("!", "red"), Side.WEAK: ("–", "yellow"), Side.NOTE: ("·", "dim")}
REASONS_AT_MOST = 8


def run(arguments: argparse.Namespace) -> int:
    """Answer the call. 1 for a forged mail and a lookalike, else 0; `InputError` for what cannot be read."""
    shop = the_shop(arguments.shop_domain, arguments.shop_name)
    resolver = read_zone(arguments.dns) if arguments.dns else _live()
    ledger = LedgerBook.of(read_events(arguments.ledger)) if arguments.ledger else None
    checked = check_mail(
        read_mail(arguments.mail),
        shop,
        resolver,
        received=arguments.at,
        now=datetime.now(UTC),
        ledger=ledger,
        in_full=True,
    )
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.encode(answer(checked.verdict, checked.facts)) + b"\n")
        sys.stdout.flush()
    else:
        show(checked, chosen(arguments.language))
    return 1 if checked.verdict.verdict in BAD_NEWS else 0


def _live() -> Resolver:
    from takeback.mail.dns.live import LiveResolver  # a second to load, and not needed with a zone

    return LiveResolver()


def the_shop(domains: list[str], names: list[str]) -> Shop:
    """The shop that the call names, else the one of the settings. `InputError` where neither names a domain."""
    if domains:
        return make_shop(domains, names)
    mail = load_configuration().mail
    if not mail.shop_domains:
        raise InputError("no domain of the shop is known: name one with --shop-domain, or set mail.shop_domains")
    return make_shop(mail.shop_domains, names or mail.shop_names, mail.receivers, mail.arc_sealers)


def read_mail(path: Path) -> bytes:
    """The mail's bytes; `-` is standard input. `InputError` for what cannot be read, is empty or no mail's size."""
    name = str(path)
    try:
        if name == STANDARD_INPUT:
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with path.open("rb") as file:
                raw = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=name) from None
    if not raw.strip():
        raise InputError("is empty", file=name)
    if len(raw) > LARGEST:
        raise InputError(f"is larger than {LARGEST // (1024 * 1024)} MiB", file=name)
    return raw


def show(checked: Checked, language: str, console: Console | None = None) -> None:
    """Print the verdict in words, why, and what to do."""
    out = console or Console(highlight=False)
    verdict = checked.verdict
    style = STYLE[verdict.verdict]
    head = Text(say(language, f"mail_verdict.{verdict.verdict}"), style=f"bold {style}")
    out.print(Panel(head, border_style=style))
    out.print(Text(say(language, "mail.why"), style="bold"))
    out.print(Padding(why(verdict, language), (0, 0, 1, 2)))
    out.print(Text(say(language, "mail.next"), style="bold"))
    out.print(Padding(Text(say(language, f"mail_next.{verdict.next_step}")), (0, 0, 1, 2)))
    out.print(Text(_when(checked, language), style="dim"))


def why(verdict: Verdict, language: str) -> RenderableType:
    """The reasons, the weightiest first."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in verdict.reasons[:REASONS_AT_MOST]:
        mark, style = SIGN[one.side]
        table.add_row(Text(mark, style=style), Text(in_words(one, language)))
    if (rest := len(verdict.reasons) - REASONS_AT_MOST) > 0:
        return Group(table, Text(say(language, "mail.more", count=rest), style="dim"))
    return table


def in_words(one: Reason, language: str) -> str:
    """A reason as a sentence."""
    return plain(say(language, f"mail_reason.{one.key}", **one.values))


def _when(checked: Checked, language: str) -> str:
    received = checked.facts.received
    if received is None:
        return say(language, "mail.received_untold")
    return say(language, "mail.received_at", time=f"{received:%Y-%m-%d %H:%M %z}".rstrip())
