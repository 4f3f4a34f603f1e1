"""The wording ladder: does the account decide, whatever the words?

Incidents are told in six wordings a language, from plain to beside the point, each on an account with a story.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from takeback.core.triage import Disposition, Evidence, Need, Offer, State, Words, decide, offers
from takeback.intake.reading import read
from tests.intake.accounts import ACCOUNTS, shown

LADDER = Path(__file__).with_name("ladder")
LANGUAGES = ("ja", "en")
WORDINGS, INCIDENTS = 6, 40
LEADS_TO = {"compromised": Disposition.CASE, "doubtful": Disposition.ASK}
DENIES_NOTHING = {"harmless_on_a_taken_account", "parcel_late", "password_forgotten"}


class Incident(NamedTuple):
    name: str
    account: str
    disposition: Disposition
    wordings: dict[str, list[str]]

    @property
    def texts(self) -> list[str]:
        return [text for language in LANGUAGES for text in self.wordings[language]]


@cache
def incidents() -> tuple[Incident, ...]:
    found = []
    for path in sorted(LADDER.glob("*.toml")):
        for name, told in tomllib.loads(path.read_text(encoding="utf-8")).items():
            disposition = LEADS_TO.get(path.stem) or Disposition(told["disposition"])
            wordings = {language: told[language] for language in LANGUAGES}
            found.append(Incident(name, told["account"], disposition, wordings))
    return tuple(found)


@cache
def evidence_of(account: str) -> Evidence:
    return shown(ACCOUNTS[account]())


@cache
def words(text: str) -> Words:
    """What is read in the text, once: the same sentence is put to every account."""
    return read(text)


def disposition(text: str, evidence: Evidence) -> Disposition:
    return decide(words(text), evidence).disposition


def test_the_ladder_is_as_long_as_it_has_to_be() -> None:
    assert len(incidents()) >= INCIDENTS
    assert {len(set(one.wordings[language])) for one in incidents() for language in LANGUAGES} == {WORDINGS}


@pytest.mark.parametrize(
    ("file", "state"), [("compromised", State.COMPROMISED), ("doubtful", State.DOUBTFUL), ("clean", State.CLEAN)]
)
def test_the_accounts_show_what_the_ladder_says_of_them(file: str, state: State) -> None:
    told = tomllib.loads((LADDER / f"{file}.toml").read_text(encoding="utf-8"))
    assert {one["account"]: evidence_of(one["account"]).state for one in told.values()} == {
        one["account"]: state for one in told.values()
    }


@pytest.mark.parametrize("incident", incidents(), ids=lambda incident: incident.name)
def test_an_incident_leads_to_the_same_in_every_wording_and_language(incident: Incident) -> None:
    evidence = evidence_of(incident.account)
    found = {text: disposition(text, evidence) for text in incident.texts}
    assert {text: one for text, one in found.items() if one is not incident.disposition} == {}


def test_no_account_that_shows_anything_is_left_to_self_service() -> None:
    left = [
        text
        for account in {one.account for one in incidents()}
        if evidence_of(account).state is not State.CLEAN
        for incident in incidents()
        for text in incident.texts
        if disposition(text, evidence_of(account)) is Disposition.SELF_SERVICE
    ]
    assert left == []


def test_at_most_one_in_ten_harmless_twins_reaches_a_person() -> None:
    twins = [disposition(text, evidence_of("clean")) for one in incidents() for text in one.texts]
    assert twins.count(Disposition.CASE) / len(twins) <= 0.1


def test_whoever_denies_an_act_is_asked_or_heard_and_has_a_person_in_reach() -> None:
    for account in {one.account for one in incidents()}:
        for incident in incidents():
            for text in incident.texts:
                assert Offer.PERSON in offers(disposition(text, evidence_of(account)))


def test_words_that_deny_are_never_left_to_self_service_even_on_a_clean_account() -> None:
    """The first wording of each incident denies the act in so many words."""
    denials = [
        one.wordings[language][0] for one in incidents() if one.name not in DENIES_NOTHING for language in LANGUAGES
    ]
    left = [text for text in denials if disposition(text, evidence_of("clean")) is Disposition.SELF_SERVICE]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_all_plain_denials_are_read_as_takeovers(language: str) -> None:
    """These sentences were never learned from."""
    denying = (one for one in incidents() if one.disposition is Disposition.CASE and one.name not in DENIES_NOTHING)
    denials = [one.wordings[language][0] for one in denying]
    missed = [text for text in denials if words(text).need is not Need.TAKEOVER]
    assert len(missed) <= len(denials) // 20, missed
