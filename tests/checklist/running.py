"""How is a row lived and undone? Once with the core and the shop alone, and once as a whole case."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import msgspec

from takeback.bootstrap import House, build_event_log
from takeback.casework import handback
from takeback.casework.investigate import Inquiry, inquire
from takeback.casework.outcome import Result, result_of
from takeback.casework.progress import Purpose
from takeback.casework.proof import enter
from takeback.casework.report import Report, receive
from takeback.casework.undo import approve, hear
from takeback.configuration import Configuration
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Event, parse_event
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import Investigation, investigate
from takeback.core.service import ActionRequest, Capabilities, Outcome
from takeback.core.undo.plan import CONTAINMENT
from takeback.mail.notices import MailNotices
from takeback.shops.pretend import EVERYTHING, PretendShop
from takeback.store.cases import DjangoCaseStore
from tests.casework.conftest import Clock, Postbox, Queue, Town, code_in
from tests.casework.life import HERS, INTRUDERS, NIGHT, PASSWORD, ordinary_days
from tests.checklist.night import NEW_PASSWORD, Night
from tests.checklist.row import Row

SOURCE = "/shops/pretend"


def live(row: Row, shop: PretendShop, *, beside: bool) -> Night:
    """The ordinary days, the row's night and, with `beside`, what the owner did afterwards."""
    ordinary_days(shop)
    night = Night(shop, NIGHT - timedelta(days=2))
    night.owner("sign_in", password=PASSWORD)
    row.before(night)
    night.at = NIGHT
    night.kept["before"] = shop.account(night.account)
    row.enters(night)
    row.plant(night)
    if beside:
        row.later(night)
        row.again(night)
    return night


def words(night: Night) -> list[tuple[str, str, bool]]:
    """What the owner says of each session: hers or not. Who did what is not what a row is about."""
    said = {}
    for event in night.shop.events:
        client = event["data"].get("client") or {}
        if client.get("session") and client.get("device") in (HERS["device"], INTRUDERS["device"]):
            said[client["session"]] = client["device"] == HERS["device"]
    return [("session", session, mine) for session, mine in said.items()]


def events_of(shop: PretendShop) -> list[Event]:
    return [parse_event(msgspec.json.encode(event)) for event in shop.events]


# with the core and the shop alone


def looked_into(night: Night) -> Investigation:
    now = max(night.at, night.shop.log.last) + timedelta(hours=1)
    said = [Word(kind, name, mine) for kind, name, mine in words(night)]
    return investigate(night.account, events_of(night.shop), now=now, words=said)


def act(night: Night, action: str, action_id: str, **args: object) -> Outcome:
    """One action at the shop; its outcome."""
    request = ActionRequest(action_id, night.account, action, args)  # type: ignore[arg-type]  # JSON, as tests write it
    return night.shop.act(request).outcome


def undo_alone(row: Row, night: Night) -> Investigation:
    """Contains, undoes and hands back. Returns what was found before the undoing."""
    for kind in CONTAINMENT:
        act(night, kind.value, f"contain-{kind.value}")
    assert row.held(night)
    found = looked_into(night)
    for todo in found.plan.undoing:
        outcome = act(night, todo.action.value, todo.id, **dict(todo.args))
        assert outcome in (Outcome.DONE, Outcome.ALREADY_DONE), todo
    night.kept["left"] = looked_into(night).plan.undoing
    night.kept["lost"] = {one.what for one in found.plan.irreversible}
    for action, args in (("set_password", {"password": NEW_PASSWORD}), ("unfreeze", {}), ("unlock_cards", {})):
        assert act(night, action, f"back-{action}", **args) in (Outcome.DONE, Outcome.ALREADY_DONE)
    night.at = max(night.at, night.shop.log.last) + timedelta(hours=1)
    night.password = NEW_PASSWORD
    return found


# as a whole case


@dataclass
class Office(Town):
    """A house with the one shop of a row. `texts` are the result mail in both languages."""

    texts: dict[str, str] = field(default_factory=dict)

    @property
    def known_case(self) -> Case:
        case = self.case
        assert case is not None
        return case

    def close(self) -> None:
        """Close the file of the event log."""
        self.house.event_log.close()


def open_office(configuration: Configuration, cases_path: Path, can: Capabilities = EVERYTHING) -> Office:
    """A house of this test's own with one pretend shop, in which nothing has happened yet."""
    assert cases_path == configuration.cases_path
    clock, postbox = Clock(), Postbox()
    shop, queue = PretendShop(SOURCE, can=can, clock=clock.now), Queue(clock)
    house = House(
        configuration=configuration,
        clock=clock,
        event_log=build_event_log(configuration),
        cases=DjangoCaseStore(chain_key=b"c" * 32),
        services=(shop,),
        mailer=postbox,
        notices=MailNotices(postbox),
        starter=queue,  # type: ignore[arg-type]  # a queue in this process instead of the engine's
    )
    return Office(house, clock, postbox, queue, shop, PretendShop("/services/none"))


def stop(office: Office, night: Night) -> Inquiry:
    """Report, freeze, investigate, with the owner's word on her sessions."""
    office.clock.at = night.at + timedelta(hours=1)
    office.tell()
    report = Report("r1", night.account, "買っていない商品が勝手に購入されている", Language.JA)
    receive(office.house, report, by_staff="sato")
    office.run()
    hear(office.house, office.known_case.id, words(night), by="sato")
    office.run()
    return inquire(office.house, office.known_case)


def take_back(office: Office) -> Result:
    """Two people approve the plan, and it is carried out. The result mail is written in both languages."""
    case = office.known_case
    office.clock.turn(timedelta(minutes=1))
    if inquire(office.house, case).plan.undoing:
        for by, role in (("sato", "agent"), ("tanaka", "lead")):
            approve(office.house, case.id, office.known_case.plan_hash or "", by=by, role=role)
    office.queue.start("undo", case.id, because="approved")
    office.run()
    case = office.known_case
    assert case.stage is Stage.HOLD
    result = result_of(office.house, case, inquire(office.house, case))
    for language in Language:
        box, told = Postbox(), replace(case, language=language)
        MailNotices(box).send_result(told, "x@example.jp", letter="l", page="p", result=result)
        office.texts[language.value] = box.letters[0].text
    return result


def hand_back(office: Office, night: Night) -> None:
    """The hold passes, the owner proves who she is, sets a password and has her account again."""
    case = office.known_case
    assert case.hold_until is not None
    office.run(until=case.hold_until)
    prove(office, Purpose.HAND_BACK)
    assert handback.set_password(office.house, case.id, NEW_PASSWORD) == ()
    office.run()
    assert office.known_case.stage is Stage.CLOSED
    night.password, night.at = NEW_PASSWORD, office.clock.now() + timedelta(minutes=1)
    night.kept["letters"] = [letter.to for letter in office.postbox.letters]


def prove(office: Office, purpose: Purpose) -> None:
    """The owner returns the code that came by mail."""
    case = office.known_case
    office.queue.start("code", case.id, purpose.value, because=f"asked-{len(office.queue.names)}")
    office.run()
    assert enter(office.house, case.id, code_in(office.postbox.named("code")[-1]))
    office.run()
