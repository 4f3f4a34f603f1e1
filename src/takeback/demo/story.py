"""`takeback demo`: the seven stages of one case on a real shop, one after the other, each really done."""

import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import msgspec
from rich.padding import Padding

from takeback.bootstrap import House, build_house
from takeback.casework.investigate import inquire
from takeback.configuration import load_configuration
from takeback.core.case import Case, Stage
from takeback.core.errors import InputError, OutsideError
from takeback.core.events import Money
from takeback.core.permission import Role
from takeback.core.service import AccountSnapshot
from takeback.demo.customer import Customer
from takeback.demo.lives import EMAIL, NEW_PASSWORD, ON_PHONE, PASSWORD, SHIPPED, Lives, Loot, lives_of
from takeback.demo.mailbox import Mailbox
from takeback.demo.outcome import Outcome, five_results, replays
from takeback.demo.places import source_tree
from takeback.demo.processes import Processes, python
from takeback.demo.telling import Teller
from takeback.demo.town import HOLD_SECONDS, SHOP_SOURCE, Town, open_up, register_for_video, ship
from takeback.terminal.language import chosen
from takeback.terminal.phrases import money
from takeback.terminal.readable import lanes, the_plan, who_and_why
from takeback.words import say

INTERRUPTED = 130  # as a shell says of a command that was ended from outside
WORDS = "買っていない商品が勝手に購入されている"


def run(*, as_json: bool, keep: bool, language: str | None, into: Path | None = None) -> int:
    """Tell the story; 0 when every result was read back and every replay refused, else 1.

    `into`: a new folder, where all that was written (databases, logs, mails, settings) stays to be looked at.
    """
    root, teller = source_tree(), Teller(chosen(language), silent=as_json)
    folder = _folder(into)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _leave)  # whoever ends the demo ends all that it started
    try:
        outcome = _tell(Town(root, folder), teller, keep=keep)
    except (KeyboardInterrupt, SystemExit):
        _clear(folder, into)
        return INTERRUPTED
    except BaseException:
        sys.stderr.write(f"takeback: the demo broke off; its logs are in {folder / 'logs'}\n")
        raise
    _clear(folder, into)
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(outcome)).decode() + "\n")
    return 0 if outcome.good else 1


def _folder(into: Path | None) -> Path:
    if into is None:
        return Path(tempfile.mkdtemp(prefix="takeback-demo-"))
    try:
        into.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise InputError(f"{into} cannot be made, and what is there already is left alone: {error.strerror}") from None
    return into.resolve()


def _clear(folder: Path, into: Path | None) -> None:
    if into is None:
        shutil.rmtree(folder, ignore_errors=True)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's shape
    raise SystemExit(INTERRUPTED)


@dataclass
class _Scene:
    """Everything that stands and everybody who acts while the story is told."""

    town: Town
    teller: Teller
    processes: Processes
    lives: Lives
    customer: Customer
    house: House
    begun: float
    account: str = ""
    loot: Loot = field(default_factory=Loot)
    shipped: list[str] = field(default_factory=list)


def _tell(town: Town, teller: Teller, *, keep: bool) -> Outcome:
    begun = time.monotonic()
    with ExitStack() as stack:
        mails = town.folder / "mails"
        mails.mkdir()
        mailbox = stack.enter_context(Mailbox(town.smtp_port, mails))
        processes = stack.enter_context(Processes(town.folder / "logs"))
        teller.title()
        _open_up(town, processes, teller)
        os.environ["TAKEBACK_CONFIG"] = str(town.configuration_file)  # this process looks into the same house
        house = build_house(load_configuration())
        stack.callback(house.close)
        lives = stack.enter_context(lives_of(town))
        customer = Customer(town.takeback_url, mailbox)
        stack.callback(customer.close)
        scene = _Scene(town, teller, processes, lives, customer, house, begun)
        outcome = _the_case(scene)
        if keep:
            _stay(scene)
    return outcome


def _the_case(scene: _Scene) -> Outcome:
    _the_year(scene)
    _the_night(scene)
    case, reported, frozen_after = _report_and_freeze(scene)
    result_after = _investigate_and_undo(scene, case, reported)
    results, cancelled = _hold(scene)
    signed_in = _hand_back(scene, case)
    refused = replays(scene.lives, scene.loot)
    outcome = Outcome(
        case=case.id,
        account=scene.account,
        report_to_frozen=round(frozen_after, 3),
        report_to_result_mail=round(result_after, 3),
        whole_demo=round(time.monotonic() - scene.begun, 1),
        orders_placed=len(scene.loot.orders),
        orders_cancelled=cancelled,
        orders_shipped=len(scene.shipped),
        results=results,
        replays_refused=refused,
        owner_signed_in=signed_in,
        tasks=len(scene.house.cases.tasks(case.id)),
        addresses={"shop": scene.town.shop_url, "video": scene.town.video_url, "case": scene.customer.page},
    )
    _summary(scene.teller, outcome)
    return outcome


def _open_up(town: Town, processes: Processes, teller: Teller) -> None:
    kept = any((town.root / ".cache" / "shop").glob("template-*.sqlite3"))
    urls = {"shop": town.shop_url, "video": town.video_url, "takeback": town.takeback_url}
    with teller.waiting("setup" if kept else "setup_first"):
        open_up(town, processes, lambda name: teller.line(f"ready_{name}", url=urls[name]))


def _the_year(scene: _Scene) -> None:
    teller, now, begun = scene.teller, datetime.now(UTC), time.monotonic()
    start, end = now - timedelta(days=365), now - timedelta(days=3)
    teller.stage("year")
    with teller.waiting("year") as status:
        scene.lives.register(start)
        scene.processes.until("serve", lambda: bool(scene.house.event_log.accounts_with_contact(EMAIL)))
        scene.account = scene.house.event_log.accounts_with_contact(EMAIL)[0]
        register_for_video(scene.town, scene.processes, scene.account, start + timedelta(hours=1), EMAIL, PASSWORD)
        for percent in scene.lives.a_year(start + timedelta(days=20), end):
            status.update(f"{teller.say('year')} {percent} %")
    events = scene.house.event_log.account(scene.account)
    signed_in = sum(event.type == "account.signed_in" for event in events)
    seconds = f"{time.monotonic() - begun:.0f}"
    teller.line("year_done", events=len(events), sessions=signed_in, seconds=seconds)


def _the_night(scene: _Scene) -> None:
    teller, night = scene.teller, datetime.now(UTC) - timedelta(minutes=30)
    teller.stage("night")
    with teller.waiting("night") as status:
        scene.lives.tonight(night - timedelta(minutes=40))
        placed: list[str] = []

        def ordered(number: str) -> None:
            placed.append(number)
            status.update(teller.say("night_order", count=len(placed)))

        scene.loot = scene.lives.the_night(night, ordered)
        scene.shipped = scene.loot.orders[:SHIPPED]
        ship(scene.town, scene.processes, scene.shipped, night + timedelta(minutes=20))
    teller.line("night_done", sign="!", orders=len(scene.loot.orders), shipped=len(scene.shipped))
    teller.line("mails", sign="✉", count=scene.customer.mails())
    teller.stage("stage_notice")
    scene.processes.until("serve", lambda: any(s.probability > 0.9 for s in scene.house.cases.signs(scene.account)))
    sign = max(scene.house.cases.signs(scene.account), key=lambda s: s.probability)
    reasons = teller.listed(say(teller.language, f"reason.{key}") for key in sign.reasons[:4])
    teller.line(
        "notice_sign",
        sign="!",
        session=sign.session[:8],
        percent=f"{min(sign.probability, 0.999):.1%}",
        reasons=reasons,
    )


def _report_and_freeze(scene: _Scene) -> tuple[Case, float, float]:
    teller, mails = scene.teller, scene.customer.mails()
    teller.stage("stage_report")
    teller.line("report_text", sign="✎")
    asked = datetime.now(UTC)
    reported = scene.customer.report(WORDS)
    scene.processes.until("work", lambda: bool(_case(scene)) and _case(scene)[0].frozen_at is not None)
    case = _case(scene)[0]
    teller.line("report_decided")
    teller.stage("stage_freeze")
    for source, snapshot in _read_back(scene).items():
        teller.line(
            "frozen_service",
            name=source,
            frozen=teller.say("stopped" if snapshot.frozen else "running"),
            sessions=snapshot.sessions,
            password=teller.say(snapshot.password),
        )
    assert case.frozen_at is not None  # noqa: S101 - waited for above
    seconds = (case.frozen_at - asked).total_seconds()
    teller.line("frozen_in", seconds=f"{seconds:.2f}")
    scene.customer.read_frozen_mail(mails)
    teller.line("page", sign="→", url=scene.customer.page)
    return case, reported, seconds


def _investigate_and_undo(scene: _Scene, case: Case, reported: float) -> float:
    teller, house = scene.teller, scene.house
    scene.processes.until("work", lambda: _known(scene, case).stage.reached(Stage.UNDO))
    inquiry = inquire(house, _known(scene, case))
    teller.stage("stage_investigate")
    teller.show(Padding(lanes(inquiry.findings, inquiry.events, teller.language), (0, 0, 0, 2)))
    teller.show(Padding(who_and_why(inquiry.findings, teller.language), (1, 0, 0, 2)))
    teller.stage("stage_undo")
    by_id = {event.id: event for event in inquiry.events}
    teller.show(Padding(the_plan(inquiry.plan, by_id, teller.language), (0, 0, 0, 2)))
    mails = scene.customer.mails()
    with teller.waiting("stage_undo"):
        scene.customer.prove()
        at, mail = scene.customer.wait_for_mail("カード", after=mails)
    teller.line("proof")
    rule = house.configuration.approval
    approved = _known(scene, case).approved_hash or ""
    value = money(Money(str(rule.max_total), rule.currency))
    teller.line("approved", orders=rule.max_orders, value=value, hash=approved[:16])
    rows = house.cases.actions(case.id)
    done = [row for row in rows if row.outcome in ("done", "already_done")]
    read = sum(row.read_back_ok is True for row in rows)
    teller.line("ledger", done=len(done), read=read, tasks=len(house.cases.tasks(case.id)))
    teller.mail("result_mail", mail, seconds=f"{at - reported:.1f}")
    return at - reported


def _hold(scene: _Scene) -> tuple[dict[str, bool], int]:
    teller = scene.teller
    teller.stage("stage_hold")
    teller.line("holding", sign="⏳", seconds=HOLD_SECONDS)
    early = scene.customer.set_password(NEW_PASSWORD)
    told = teller.sentences(say(teller.language, f"refusal.{why}") for why in early.split())
    teller.line("too_early", sign="✗", why=told)
    results, cancelled = five_results(_read_back(scene)[SHOP_SOURCE], scene.loot, scene.shipped)
    return results, cancelled


def _hand_back(scene: _Scene, case: Case) -> dict[str, bool]:
    teller = scene.teller
    with teller.waiting("stage_hold"):
        scene.processes.until("work", lambda: _known(scene, case).stage.reached(Stage.HAND_BACK))
    teller.stage("stage_hand_back")
    with teller.waiting("stage_hand_back"):
        scene.customer.prove()
        if refused := scene.customer.set_password(NEW_PASSWORD):
            raise OutsideError(f"the new password was not taken: {refused}", permanent=True)
        scene.processes.until("work", lambda: _known(scene, case).handed_back_at is not None)
    teller.line("handed_back")
    signed_in = {
        "shop": scene.lives.shop(**ON_PHONE).sign_in(EMAIL, NEW_PASSWORD),
        "video": scene.lives.video(**ON_PHONE).sign_in(EMAIL, NEW_PASSWORD),
    }
    yes_or_no = {name: teller.say("yes" if good else "no") for name, good in signed_in.items()}
    teller.line("signed_in", **yes_or_no)
    return signed_in


def _summary(teller: Teller, outcome: Outcome) -> None:
    results = {
        teller.say(f"result_{key}", count=outcome.orders_cancelled)
        if "orders" in key
        else teller.say(f"result_{key}"): (
            teller.say("yes" if good else "no"),
            good,
        )
        for key, good in outcome.results.items()
    }
    teller.table("results", results)
    tried = {
        teller.say(f"attempt_{key}"): (teller.say("refused" if refused else "let_in"), refused)
        for key, refused in outcome.replays_refused.items()
    }
    teller.table("replay", tried)
    times = {"report_to_frozen": outcome.report_to_frozen, "report_to_result": outcome.report_to_result_mail}
    times["whole"] = outcome.whole_demo
    teller.table(
        "times", {teller.say(key): (teller.say("seconds", seconds=f"{s:.2f}"), True) for key, s in times.items()}
    )


def _read_back(scene: _Scene) -> dict[str, AccountSnapshot]:
    snapshots = {service.source: service.account(scene.account) for service in scene.house.services}
    return {source: snapshot for source, snapshot in snapshots.items() if snapshot is not None}


def _case(scene: _Scene) -> list[Case]:
    return [case for case in scene.house.cases.cases() if case.account == scene.account]


def _known(scene: _Scene, case: Case) -> Case:
    found = scene.house.cases.case(case.id)
    assert found is not None  # noqa: S101 - a case is never deleted
    return found


def _link_to_the_desk(scene: _Scene) -> str:
    """With which whoever watches the demo becomes a member of staff with every role."""
    roles = [word for role in Role for word in ("--role", role.value)]
    command = python("-m", "takeback.cli", "staff", "add", "demo", *roles)
    environment = {"TAKEBACK_CONFIG": str(scene.town.configuration_file)}
    said = scene.processes.run("takeback staff add", command, environment, scene.town.folder)
    return next(word for word in said.split() if word.startswith("http"))


def _stay(scene: _Scene) -> None:
    teller = scene.teller
    for url in (scene.customer.page, scene.town.shop_url, scene.town.video_url, _link_to_the_desk(scene)):
        teller.line("look", sign="→", url=url)
    teller.line("kept", sign="⏳")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        return
