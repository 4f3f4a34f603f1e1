"""What can a bank or the police be told of a case? Numbered facts with times, what was taken back, how it was found.

Calm and factual: who did what and when, as the record has it, and how far the record can be believed. Contact points
are masked, cards are told by their last four digits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from takeback.casework.dossier import Dossier
from takeback.casework.dossier_integrity import Integrity
from takeback.core.events import Event, Money, OrderPlaced, Who
from takeback.core.investigate.findings import INTRUDER, UNKNOWN
from takeback.web.desk.case.hidden import plain, value_of
from takeback.web.desk.case.phrases import SHORT, Phrases
from takeback.web.desk.case.plan import LineShown, NoteShown, plan_shown
from takeback.web.desk.case.refs import Refs
from takeback.web.desk.case.visits import VisitShown, visit_lines

FACTS, ORDERS, VISITS, DOUBTED = 300, 200, 12, 12
GOODS = 4  # lines of an order


@dataclass(frozen=True, slots=True)
class FactShown:
    """One act of the intruder's: when, what, and with what client, at which service, under which id."""

    when: str
    act: str
    client: str
    source: str
    id: str


@dataclass(frozen=True, slots=True)
class OrderShown:
    """An order of the intruder's, and what became of it."""

    id: str
    when: str
    goods: str
    total: str
    to: str
    paid: str
    state: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that is printed."""

    id: str
    account: str
    made: str
    made_by: str
    zone: str
    summary: tuple[str, ...]
    facts: tuple[FactShown, ...]
    more_facts: int
    orders: tuple[OrderShown, ...]
    more_orders: int
    totals: str
    taken: tuple[LineShown, ...]
    more_taken: int
    kept: tuple[NoteShown, ...]
    lost: tuple[NoteShown, ...]
    seen: tuple[str, ...]
    visits: tuple[VisitShown, ...]
    unknown: tuple[VisitShown, ...]
    steps: tuple[tuple[str, str], ...]
    approvals: tuple[str, ...]
    integrity: tuple[tuple[str, str], ...]


def report_of(dossier: Dossier, integrity: Integrity, by: str, phrases: Phrases) -> Report:
    """The report, made `by` a member of staff."""
    findings, case = dossier.inquiry.findings, dossier.case
    refs = Refs(dossier.named, case.id, phrases)
    his = [event for event in dossier.inquiry.events if findings.events.get(event.id) is INTRUDER]
    acts = [event for event in his if event.by_customer]
    placed = [event for event in his if isinstance(event.data, OrderPlaced)]
    plan = plan_shown(dossier, refs, phrases)
    visits = [found for found in dossier.visits.doubtful if found.actor is INTRUDER]
    doubted = [found for found in dossier.visits.doubtful if found.actor is UNKNOWN]
    told = (dossier.named, dossier.said, refs, phrases)
    return Report(
        id=case.id,
        account=plain(case.account, 60),
        made=full(dossier.now, phrases),
        made_by=plain(by, SHORT),
        zone=f"{phrases.zone.key} (UTC{dossier.now.astimezone(phrases.zone):%z})",
        summary=tuple(_summary(dossier, len(acts), len(placed), phrases)),
        facts=tuple(_fact(event, phrases) for event in acts[:FACTS]),
        more_facts=max(len(acts) - FACTS, 0),
        orders=tuple(_order(event, dossier, phrases) for event in placed[:ORDERS]),
        more_orders=max(len(placed) - ORDERS, 0),
        totals=_totals(placed, phrases),
        taken=plan.taken,
        more_taken=plan.more.get("taken", 0),
        kept=plan.kept,
        lost=plan.lost,
        seen=tuple(_seen(dossier, phrases)),
        visits=tuple(visit_lines(visits[:VISITS], *told)),
        unknown=tuple(visit_lines(doubted[:DOUBTED], *told)),
        steps=tuple(_steps(dossier, phrases)),
        approvals=plan.approvals,
        integrity=tuple(_integrity(dossier, integrity, phrases)),
    )


def full(at: datetime, phrases: Phrases) -> str:
    """Date with its year, time to the second, and the offset: a report is read years later and far away."""
    there = at.astimezone(phrases.zone)
    return f"{there:%Y-%m-%d %H:%M:%S} {there:%z}"


def _summary(dossier: Dossier, acts: int, orders: int, phrases: Phrases) -> Iterable[str]:
    findings, stake = dossier.inquiry.findings, dossier.stake
    if findings.window is None:
        yield phrases.say("report_no_intruder")
    else:
        first, last = full(findings.window.start, phrases), findings.window.end
        if last is None:
            yield phrases.say("report_open", first=first)
        else:
            yield phrases.say("report_window", first=first, last=full(last, phrases))
        yield phrases.say("report_acts", acts=acts, orders=orders)
        yield phrases.say(
            "report_money",
            standing=phrases.sums(stake.not_cancelled),
            saved=phrases.sums(stake.saved),
            spent=phrases.sums(stake.spent),
        )
    if dossier.case.frozen_at is not None:
        yield phrases.say("report_stopped", when=full(dossier.case.frozen_at, phrases))
    else:
        yield phrases.say("report_not_stopped")
    yield phrases.say(f"report_stage_{'closed' if dossier.case.handed_back_at else 'working'}")


def _fact(event: Event, phrases: Phrases) -> FactShown:
    client = event.data.client
    parts = (phrases.network(client), phrases.place(client), phrases.device(client))
    return FactShown(
        full(event.time, phrases), phrases.act(event), ", ".join(parts), plain(event.source, 60), plain(event.id, 60)
    )


def _order(event: Event, dossier: Dossier, phrases: Phrases) -> OrderShown:
    assert isinstance(event.data, OrderPlaced)  # noqa: S101 - its caller took no others
    order = event.data.order
    lines = [f"{plain(line.name or line.sku or '?', SHORT)} ×{line.quantity}" for line in order.lines[:GOODS]]
    more = f" +{len(order.lines) - GOODS}" if len(order.lines) > GOODS else ""
    now = dossier.account.replays.now.orders.get((event.source, order.id))
    paid = " ".join(filter(None, (value_of("card", order.card, SHORT), value_of("payment", order.payment, SHORT))))
    return OrderShown(
        id=plain(order.id, SHORT),
        when=full(event.time, phrases),
        goods=", ".join(lines) + more,
        total=phrases.money(order.total) if order.total else "—",
        to=value_of("address", order.address) or "—",
        paid=paid or "—",
        state=phrases.say(f"order_{now}") if now is not None else "—",
    )


def _totals(placed: Sequence[Event], phrases: Phrases) -> str:
    sums: dict[str, list[Money]] = {}
    for event in placed:
        if isinstance(event.data, OrderPlaced) and event.data.order.total is not None:
            sums.setdefault(event.data.order.total.currency, []).append(event.data.order.total)
    return " + ".join(phrases.total(several) for several in sums.values())


def _seen(dossier: Dossier, phrases: Phrases) -> Iterable[str]:
    for one in dossier.looked[:20]:
        first = dossier.named[one.events[0]].time
        held = ""
        if one.what == "cards":  # of cards alone: what else he saw is the owner's own, and no business of the reader's
            held = "; ".join(filter(None, (_last_four(value) for value in one.held.values())))
        yield f"{full(first, phrases)} {phrases.of('viewed', one.what)}{f': {held}' if held else ''} ({one.source})"


def _last_four(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    brand, last = plain(str(value.get("brand", "")), 20), plain(str(value.get("last4", "")), 4)
    return f"{brand} …{last}".strip() if last else brand


def _steps(dossier: Dossier, phrases: Phrases) -> Iterable[tuple[str, str]]:
    case = dossier.case
    for key, at in (
        ("reported", case.opened_at),
        ("stopped", case.frozen_at),
        ("proven", case.proven_at),
        ("undone", case.undone_at),
        ("hold", case.hold_until),
        ("handed_back", case.handed_back_at),
    ):
        if at is not None:
            yield phrases.say(key), full(at, phrases)
    by_staff = sum(event.data.actor is Who.STAFF for event in dossier.inquiry.events[-500:])
    if by_staff:
        yield phrases.say("report_by_staff"), str(by_staff)


def _integrity(dossier: Dossier, integrity: Integrity, phrases: Phrases) -> Iterable[tuple[str, str]]:
    key = {True: "holds", False: "broken", None: "untested"}[integrity.holds]
    yield phrases.say("report_log"), phrases.say(f"report_log_{key}", lines=integrity.lines)
    yield phrases.say("report_log_end"), integrity.end or "—"
    yield phrases.say("plan_hash"), dossier.inquiry.plan.hash
    if dossier.case.approved_hash and dossier.case.approved_hash != dossier.inquiry.plan.hash:
        yield phrases.say("report_carried_out"), dossier.case.approved_hash
    yield phrases.say("report_events"), f"{len(dossier.inquiry.events):,}"
