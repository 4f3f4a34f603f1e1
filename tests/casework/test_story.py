"""The whole case, phase by phase, in one process."""

from datetime import timedelta

from takeback.casework import handback
from takeback.casework.progress import Purpose
from takeback.core.case import Stage
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HIS, INTRUDERS, MINE, PASSWORD

NEW_PASSWORD = "a completely new sentence"


def test_a_case_goes_from_the_report_to_the_hand_back(town: Town) -> None:
    case = town.report()
    assert case is not None
    assert case.stage is Stage.UNDO
    assert case.frozen_at is not None
    assert town.shop.account(ACCOUNT).frozen
    assert town.video.account(ACCOUNT).frozen
    assert [letter.to for letter in town.postbox.named("account_frozen")] == [MINE]

    town.prove(case)
    case = town.case
    assert case.stage is Stage.HOLD, town.house.cases.log(case.id)[-5:]
    snapshot = town.shop.account(ACCOUNT)
    assert snapshot.fields["email"] == MINE
    assert snapshot.fields["name"] == "佐藤花子"
    assert snapshot.orders["42-901"]["status"] == snapshot.orders["42-902"]["status"] == "cancelled"
    assert snapshot.orders["42-900"]["status"] == "cancelled"  # the parcel on the road was called back
    assert "66" not in snapshot.collections["addresses"]
    assert [letter.to for letter in town.postbox.named("result")] == [MINE]

    town.run(until=case.hold_until)
    case = town.case
    assert case.stage is Stage.HAND_BACK
    town.prove(case, Purpose.HAND_BACK)
    assert handback.set_password(town.house, case.id, NEW_PASSWORD) == ()
    town.run()
    case = town.case
    assert case.stage is Stage.CLOSED
    assert len(town.postbox.named("welcome_back")) == 1
    for service in (town.shop, town.video):
        assert not service.account(ACCOUNT).frozen
        assert not service.account(ACCOUNT).cards_locked
        at = town.clock.now() + timedelta(minutes=1)
        night = INTRUDERS | {"session": "again"}
        assert service.sign_in(ACCOUNT, at, night, password=PASSWORD)["type"] == "account.sign_in_failed"
        assert not service.is_signed_in(ACCOUNT, f"{service.source}-42-night")
        mine = service.sign_in(ACCOUNT, at, {"session": "new"}, password=NEW_PASSWORD)
        assert mine["type"] == "account.signed_in"
    assert HIS not in [letter.to for letter in town.postbox.letters]
    assert all(count == 1 for shop in (town.shop, town.video) for count in shop.effects.values())
    assert town.house.cases.verify(case.id) is None
