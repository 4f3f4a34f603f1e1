"""Are the weights those that the sentences teach, and do they hold on what was held out?"""

from collections import Counter, defaultdict

import pytest

from takeback.core.triage import Need
from takeback.intake.model import model
from takeback.intake.plain import plain
from takeback.intake.reading import read
from takeback.intake.sentences import HELD_OUT, KINDS, LANGUAGES, THIRDS, Kind, sentences
from takeback.intake.training import learned, taught

AT_LEAST = 450
RECALL, OTHERS = 0.98, 0.10


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_sentences_and_no_two_are_the_same(language: str) -> None:
    found = Counter(plain(one.text) for one in sentences() if one.language == language)
    assert [text for text, many in found.items() if many > 1] == []
    assert len(found) >= AT_LEAST


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_situations_in_every_third(language: str) -> None:
    found = {(one.kind, one.third) for one in sentences() if one.language == language}
    assert found == {(kind, third) for kind in KINDS for third in range(THIRDS)}


def test_paraphrases_of_a_situation_are_never_on_both_sides() -> None:
    thirds = defaultdict(set)
    for one in sentences():
        thirds[one.kind, one.situation].add(one.third)
    assert [name for name, found in thirds.items() if len(found) != 1] == []


def test_nothing_that_is_held_out_was_learned_from() -> None:
    assert {one.third for one in taught()} == set(range(THIRDS)) - {HELD_OUT}


def test_the_weights_are_those_that_the_sentences_teach() -> None:
    """Else run `python -m takeback.intake.training`. The last bit of a power may differ between machines."""
    shipped, made = model(), learned(taught())
    assert made.words == shipped.words
    assert made.step == pytest.approx(shipped.step, rel=1e-6)
    assert made.start == pytest.approx(shipped.start, rel=1e-6)
    assert max(abs(one - other) for one, other in zip(made.steps, shipped.steps, strict=True)) <= 1


def test_the_weights_are_a_small_file() -> None:
    assert len(model().packed()) < 400_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_takeovers_are_found_among_sentences_that_were_held_out(language: str) -> None:
    held = [one for one in sentences() if one.third == HELD_OUT and one.language == language]
    says = {one: read(one.text).need is Need.TAKEOVER for one in held}
    takeovers = [one for one in held if one.kind is Kind.TAKEOVER]
    others = [one for one in held if one.kind is not Kind.TAKEOVER]
    assert sum(says[one] for one in takeovers) >= RECALL * len(takeovers)
    assert sum(says[one] for one in others) <= OTHERS * len(others)
