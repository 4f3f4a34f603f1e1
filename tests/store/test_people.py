"""Is no name given twice, does one who left stay out, and does a link work once?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from takeback.casework.people import People, StaffRefused
from takeback.core.permission import Role
from takeback.store.start import released_connections

NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
PASSWORD = "seventeen quiet lanterns"


@pytest.fixture
def people(cases_path: Path) -> People:
    """The people of an empty database."""
    assert cases_path.parent.is_dir()
    from takeback.store.people import DjangoPeople

    return DjangoPeople()


def test_a_new_member_has_her_roles_and_can_do_nothing_yet(people: People) -> None:
    added = people.add("sato", [Role.AGENT, Role.LEAD], "sato@shop.example")
    assert added == people.of("sato")
    assert added is not None
    assert (added.roles, added.mail) == ({Role.AGENT, Role.LEAD}, "sato@shop.example")
    assert (added.active, added.has_password, added.has_factor, added.last_seen) == (True, False, False, None)


def test_a_name_is_never_given_to_another_person(people: People) -> None:
    people.add("sato", [Role.ADMIN])
    people.add("other", [Role.ADMIN])
    people.disable("sato")
    assert people.add("sato", [Role.AGENT]) is None
    assert people.add("Sato", [Role.AGENT]) is None


def test_roles_are_these_and_no_others(people: People) -> None:
    people.add("sato", [Role.AGENT])
    people.set_roles("sato", [Role.AUDITOR])
    found = people.of("sato")
    assert found is not None
    assert found.roles == {Role.AUDITOR}


def test_the_last_admin_stays_one(people: People) -> None:
    people.add("sato", [Role.ADMIN])
    people.add("left", [Role.ADMIN])
    people.disable("left")
    for change in (lambda: people.disable("sato"), lambda: people.set_roles("sato", [Role.AGENT])):
        with pytest.raises(StaffRefused) as refused:
            change()
        assert refused.value.key == "last_admin"
    people.add("other", [Role.ADMIN])
    people.disable("sato")


def test_of_two_admins_who_let_each_other_go_at_once_one_stays(people: People) -> None:
    people.add("sato", [Role.ADMIN])
    people.add("other", [Role.ADMIN])

    def let_go(name: str) -> bool:
        with released_connections():
            try:
                people.disable(name)
            except StaffRefused:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(let_go, ("sato", "other")))
    assert sorted(done) == [False, True]
    assert sum(member.active for member in people.every()) == 1


def test_all_are_listed_by_name_and_those_who_left_too(people: People) -> None:
    for name in ("tanaka", "abe", "sato"):
        people.add(name, [])
    people.disable("abe")
    assert [(member.name, member.active) for member in people.every()] == [
        ("abe", False),
        ("sato", True),
        ("tanaka", True),
    ]


def test_a_link_sets_the_password_once(people: People) -> None:
    people.add("sato", [])
    secret = people.invite("sato", NOW + DAY)
    invited = people.invited(secret, NOW)
    assert invited is not None
    assert invited.name == "sato"
    used = people.use_invitation(secret, PASSWORD, NOW)
    assert used is not None
    assert used.has_password
    assert people.use_invitation(secret, PASSWORD, NOW) is None
    assert people.invited(secret, NOW) is None


def test_a_link_dies_after_its_time_with_the_next_one_and_with_the_member(people: People) -> None:
    people.add("sato", [])
    first = people.invite("sato", NOW + DAY)
    assert people.invited(first, NOW + DAY) is None
    assert people.use_invitation(first, PASSWORD, NOW + DAY) is None
    second = people.invite("sato", NOW + DAY)
    assert people.invited(first, NOW) is None
    people.disable("sato")
    assert people.invited(second, NOW) is None


def test_of_two_who_use_a_link_at_once_one_is_told(people: People) -> None:
    people.add("sato", [])
    secret = people.invite("sato", NOW + DAY)

    def use(password: str) -> bool:
        with released_connections():
            return people.use_invitation(secret, password, NOW) is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, (PASSWORD, f"{PASSWORD} too"))) == [False, True]


def test_of_a_link_only_a_digest_is_kept(people: People) -> None:
    people.add("sato", [])
    secret = people.invite("sato", NOW + DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM store_invitation")
        ((name, digest, _),) = cursor.fetchall()
    assert (name, len(digest)) == ("sato", 64)
    assert secret not in digest


def test_whoever_comes_back_comes_back_with_what_she_had(people: People) -> None:
    people.add("sato", [Role.AGENT])
    people.use_invitation(people.invite("sato", NOW + DAY), PASSWORD, NOW)
    people.disable("sato")
    people.enable("sato")
    found = people.of("sato")
    assert found is not None
    assert (found.active, found.has_password, found.roles) == (True, True, {Role.AGENT})
