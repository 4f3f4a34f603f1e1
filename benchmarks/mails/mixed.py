"""How many verdicts a second, and how much dearer is a verdict than the DKIM verification in it?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from benchmarks.mails.mailbag import Kind, mails
from benchmarks.mails.peer import Peer
from benchmarks.row import Row
from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.checking import check_mail
from takeback.mail.dns.zone import ZoneResolver
from tests.mail.table.making import Mail, Whole
from tests.mail.table.zone import zone

MANY, ROUNDS = 100, 7
LIMIT = 1.5  # times what dkimpy alone takes
PEER = "dkimpy, every signature"
WHOLE = Whole()
SHOP = Shop(WHOLE.domains, WHOLE.names, WHOLE.receivers, WHOLE.sealers)


@dataclass
class Spent:
    """Seconds on the same mails: ours, and dkimpy's alone."""

    ours: float = 0.0
    alone: float = 0.0

    @property
    def ratio(self) -> float:
        return self.ours / self.alone


def rows() -> Iterator[Row]:
    """Both over the same mails, in turns mail by mail, so that a busy moment meets both."""
    held = mails(MANY)
    records = zone(sorted({name for _, mail in held for name in mail.strangers}))
    resolver, peer = ZoneResolver(records), Peer(records)
    told = Counter(_verdict(mail, resolver) for _, mail in held)
    assert told["genuine"] >= MANY * 0.7, told
    assert sum(peer.verify(mail.raw) for _, mail in held) >= MANY * 0.7
    rounds = [_round(held, resolver, peer) for _ in range(ROUNDS)]
    whole = [Spent(sum(one.ours for one in each.values()), sum(one.alone for one in each.values())) for each in rounds]
    ours, alone = median(one.ours for one in whole) / MANY, median(one.alone for one in whole) / MANY
    size = sum(len(mail.raw) for _, mail in held) / MANY / 1000
    yield Row(f"verdicts, mixed set, {size:,.0f} kB a mail", 1 / ours, "/s", PEER, 1 / alone, more_is_better=True)
    yield Row("a verdict, mixed set", ours * 1000, "ms", PEER, alone * 1000)
    yield Row("a verdict in DKIM verifications", median(one.ratio for one in whole), "x", PEER, 1.0, LIMIT)
    for kind in Kind:
        yield _of_kind(kind, [len(mail.raw) for one, mail in held if one is kind], [each[kind] for each in rounds])


def _of_kind(kind: Kind, sizes: list[int], spent: list[Spent]) -> Row:
    """Held to the limit where it is mail as people get it; a forgery has perhaps no signature to compare with."""
    ours = median(one.ours for one in spent) / len(sizes) * 1000
    alone = median(one.alone for one in spent) / len(sizes) * 1000
    limit = LIMIT * alone if kind is Kind.ORDINARY else None
    return Row(f"{kind}, {sum(sizes) / len(sizes) / 1000:,.0f} kB", ours, "ms", PEER, alone, limit)


def _verdict(mail: Mail, resolver: ZoneResolver) -> str:
    return check_mail(mail.raw, SHOP, resolver, received=mail.received, now=mail.now, ledger=None).verdict.verdict


def _round(held: list[tuple[Kind, Mail]], resolver: ZoneResolver, peer: Peer) -> dict[Kind, Spent]:
    spent = {kind: Spent() for kind in Kind}
    for kind, mail in held:
        start = perf_counter()
        _verdict(mail, resolver)
        between = perf_counter()
        peer.verify(mail.raw)
        spent[kind].ours += between - start
        spent[kind].alone += perf_counter() - between
    return spent
