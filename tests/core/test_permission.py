"""Who may do what? Roles are apart, whatever is not listed is refused, and no dangerous verb is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.permission import FRESH, GRANTS, Role, Staff, Verb, may

LOOKS = {verb for verb in Verb if verb.value.rsplit(":", 1)[1] in ("list", "read", "print", "try", "read-number")}


def test_nobody_without_a_role_may_anything() -> None:
    assert not any(may((), verb) for verb in Verb)


@given(st.frozensets(st.sampled_from(Role)), st.sampled_from(Verb))
def test_several_roles_may_what_one_of_them_may_and_no_more(roles: frozenset[Role], verb: Verb) -> None:
    assert Staff("sato", roles).may(verb) == any(verb in GRANTS[role] for role in roles)


def test_an_auditor_changes_nothing() -> None:
    assert GRANTS[Role.AUDITOR] <= LOOKS | {Verb.EXPORT_AUDIT}


def test_an_admin_sees_no_case_and_no_number() -> None:
    assert not {verb for verb in GRANTS[Role.ADMIN] if verb.value.split(":")[1] in ("case", "call", "question", "plan")}


def test_whoever_works_on_cases_changes_neither_staff_nor_rules() -> None:
    for role in (Role.AGENT, Role.LEAD, Role.AUDITOR):
        assert not GRANTS[role] & {Verb.CHANGE_STAFF, Verb.CHANGE_RULES, Verb.READ_STAFF}


def test_a_lead_may_all_that_an_agent_may() -> None:
    assert GRANTS[Role.AGENT] < GRANTS[Role.LEAD]


@pytest.mark.parametrize("verb", [Verb.APPROVE_PLAN, Verb.APPROVE_AS_LEAD, Verb.CHANGE_RULES, Verb.CHANGE_STAFF])
def test_what_cannot_be_taken_back_takes_a_fresh_proof(verb: Verb) -> None:
    assert verb in FRESH


def test_a_look_takes_no_fresh_proof() -> None:
    assert not FRESH & LOOKS


def test_every_verb_says_of_what_it_is() -> None:
    assert len({verb.value for verb in Verb}) == len(Verb)
    assert all(verb.value.startswith("desk:") and verb.value.count(":") == 2 for verb in Verb)
