"""Does nobody work on one case twice?"""

from datetime import timedelta

import pytest

from takeback.casework.claiming import begin_act, claim, release
from takeback.casework.claims import Claim
from takeback.core.case import Case
from takeback.core.errors import CaseRefused
from takeback.core.permission import Verb
from tests.casework.conftest import Town


@pytest.fixture
def case(town: Town) -> Case:
    """A case of the night."""
    found = town.report()
    assert found is not None
    return found


def held(town: Town, case: Case) -> Claim | None:
    return town.house.claims.of_case(case.id, town.clock.now())


def test_a_case_that_is_taken_is_refused_to_others_by_name(town: Town, case: Case) -> None:
    claim(town.house, case.id, by="sato")
    with pytest.raises(CaseRefused, match="sato works on this case"):
        claim(town.house, case.id, by="mori")
    with pytest.raises(CaseRefused, match="sato"):
        begin_act(town.house, case.id, by="mori")


def test_a_claim_lapses_half_an_hour_after_the_last_act(town: Town, case: Case) -> None:
    claim(town.house, case.id, by="sato")
    town.clock.turn(timedelta(minutes=20))
    begin_act(town.house, case.id, by="sato")
    town.clock.turn(timedelta(minutes=29))
    with pytest.raises(CaseRefused):
        claim(town.house, case.id, by="mori")
    town.clock.turn(timedelta(minutes=2))
    assert claim(town.house, case.id, by="mori").by == "mori"


def test_who_acts_on_a_free_case_has_it(town: Town, case: Case) -> None:
    begin_act(town.house, case.id, by="sato")
    found = held(town, case)
    assert found is not None
    assert found.by == "sato"


def test_a_lead_takes_a_case_over_and_that_is_in_the_book(town: Town, case: Case) -> None:
    claim(town.house, case.id, by="sato")
    claim(town.house, case.id, by="lead", over=True)
    found = held(town, case)
    assert found is not None
    assert found.by == "lead"
    acts = town.house.audit.acts(case=case.id)
    assert [(act.who, act.what, act.evidence) for act in acts] == [
        ("staff:lead", Verb.TAKE_OVER_CASE.value, {"from": "sato"}),
        ("staff:sato", Verb.CLAIM_CASE.value, {}),
    ]
    assert [e.what for e in town.house.cases.log(case.id)][-2:] == ["case.claimed", "case.claimed"]


def test_a_second_press_is_one_claim(town: Town, case: Case) -> None:
    claim(town.house, case.id, by="sato")
    claim(town.house, case.id, by="sato")
    assert len(town.house.audit.acts(case=case.id)) == 1


def test_only_its_owner_gives_a_case_back(town: Town, case: Case) -> None:
    claim(town.house, case.id, by="sato")
    release(town.house, case.id, by="mori")
    assert held(town, case) is not None
    release(town.house, case.id, by="sato")
    assert held(town, case) is None
