"""Which domains are made to be taken for the shop's? Each signs its own mail and passes every check of the day."""

from dataclasses import replace

from tests.mail.table.hostile.addresses import ASKS, BITTE
from tests.mail.table.making import EVIL, Letter, Mail, Row, Whole, row, strange
from tests.mail.table.zone import BRAND, FLOWER, SHOP

FLOWERS = Whole(domains=(FLOWER,), names=("Sunflower Market", "ひまわり市場"))


def ascii_form(domain: str) -> str:
    """The A-labels of a domain, by plain punycode: no rule of a registry is asked."""
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in domain.split(".")
    )


def sent_from(domain: str, letter: Letter = ASKS) -> Mail:
    return strange(replace(letter, sender=f"Support <help@{domain}>"), domain)


def looks(name: str, domain: str, letter: Letter = ASKS) -> Row:
    language = "ja" if letter is BITTE else "en"
    return row(name, lambda: sent_from(ascii_form(domain), letter), "lookalike", "from.lookalike", language)


def shown(name: str, domain: str, verdict: str = "lookalike") -> Row:
    """The domain stands in From as its letters are, not as A-labels."""
    letter = replace(ASKS, sender=f"Support <help@{domain}>")
    because = "from.lookalike or from.two or policy.all_signed or reading.defects"
    return row(name, lambda: strange_as_is(letter, ascii_form(domain)), verdict, because)


def strange_as_is(letter: Letter, domain: str) -> Mail:
    """From in raw UTF-8, as RFC 6532 allows."""
    plain = strange(replace(letter, sender="PLACE"), domain)
    return replace(plain, raw=plain.raw.replace(b"PLACE", letter.sender.encode()))


def answers_to(address: str) -> Mail:
    return strange(replace(ASKS, sender=f"Support <help@{EVIL}>", fields=(("Reply-To", address),)))


def leads_to(url: str, letter: Letter = ASKS) -> Mail:
    return strange(replace(letter, sender=f"Support <help@{EVIL}>", text=f"Please look: {url}\n"))


def flowers(name: str, domain: str) -> Row:
    return row(name, lambda: replace(sent_from(domain), shop=FLOWERS), "lookalike", "from.lookalike")


ROWS = (
    looks("a Cyrillic letter, as punycode", "ex\u0430mple-shop.jp"),
    looks("a Cyrillic letter, as punycode, in a Japanese mail", "ex\u0430mple-shop.jp", BITTE),
    looks("all Cyrillic letters that fit", "\u0435\u0445\u0430m\u0440l\u0435-sh\u043e\u0440.jp"),
    looks("the Latin alpha, which some lists miss", "ex\u0251mple-shop.jp"),
    looks("a letter with a dot below", "examp\u1e37e-shop.jp"),
    looks("a dotless i's cousin: an l with a stroke", "examp\u0142e-shop.jp"),
    shown("a Cyrillic letter in the open", "ex\u0430mple-shop.jp"),
    shown("full-width letters in the open", "\uff45xample-shop.jp", "lookalike or forged"),
    shown("an ideographic full stop for the dot", f"example-shop\u3002jp.{EVIL}"),
    looks("rn for m", "exarnple-shop.jp"),
    looks("rn for m, in a Japanese mail", "exarnple-shop.jp", BITTE),
    flowers("vv for w", "sunflovver-market.jp"),
    flowers("rn for m at the front", "sunflower-rnarket.jp"),
    looks("1 for l", "examp1e-shop.jp"),
    looks("0 for o", "example-sh0p.jp"),
    looks("words added behind", "example-shop-security.com"),
    looks("words added in front", "secure-example-shop.jp"),
    looks("words added and another suffix", "example-shop-login.top", BITTE),
    looks("a word run together with the name", "myexample-shop.com"),
    looks("the shop's domain as a subdomain", f"example-shop.jp.{EVIL}"),
    looks("the shop's domain with a hyphen for the dot", "example-shop-jp.com"),
    looks("the shop's domain as the start of a label", "www.example-shop.jp-account.top", BITTE),
    looks("another suffix", "example-shop.top"),
    looks("another suffix of the same country", "example-shop.co.jp"),
    looks("the suffix swapped for com", "example-shop.com"),
    looks("the hyphen left out", "exampleshop.jp"),
    looks("a hyphen put in", "exam-ple-shop.jp"),
    looks("two letters swapped", "exmaple-shop.jp"),
    looks("a letter left out", "exmple-shop.jp"),
    looks("a letter doubled", "examplle-shop.jp", BITTE),
    looks("a letter next on the keyboard", "example-ship.jp"),
    looks("the shop's name as one label of another domain", f"example-shop.{EVIL}"),
    looks("the shop's Japanese name as a domain", "例のお店.jp", BITTE),
    looks("the brand's domain with zeros", "example-b00ks.jp"),
    looks("the brand under another suffix", "example-books.shop"),
    row("a look-alike to which the answer would go", lambda: answers_to("help@examp1e-shop.jp"),
        "lookalike", "reply_to.lookalike"),
    row("a link to a look-alike", lambda: leads_to("https://www.exarnple-shop.jp/login"),
        "lookalike", "link.lookalike"),
    row("a link to a look-alike, in Japanese", lambda: leads_to("https://example-shop.jp.evil.top/", BITTE),
        "lookalike", "link.lookalike", "ja"),
    row("a link to the shop's name among Cyrillic letters", lambda: leads_to("https://ex\u0430mple-shop.jp/"),
        "lookalike", "link.lookalike"),
    row("the shop's name over a look-alike domain", lambda: strange(
        replace(ASKS, sender="Example Shop <order@example-shop.top>"), "example-shop.top"),
        "lookalike", "from.lookalike"),
    row("a look-alike that forwards the shop's own signed text", lambda: strange(
        Letter(sender=f"Example Shop <order@{BRAND.replace('.jp', '.co')}>"), BRAND.replace(".jp", ".co")),
        "lookalike", "from.lookalike"),
    row("a look-alike of which the shop's real address is the name", lambda: strange(
        replace(ASKS, sender=f'"order@{SHOP}" <order@example-sh0p.jp>'), "example-sh0p.jp"),
        "lookalike or forged", "from.lookalike or from.two"),
)  # fmt: skip
