"""Is a question answered once, is one that was begun taken up again, and is nobody answered too often?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from takeback.casework.questions import Turn

NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
Begin = Callable[..., Turn]


@pytest.fixture
def begin(cases_path: Path) -> Begin:
    """Takes up a question; three an hour of one asker, five in all."""
    assert cases_path.parent.is_dir()
    from takeback.store.questions import DjangoQuestions

    def begin(question: str, asker: str = "hanako", *, later: timedelta = timedelta(), finish: bool = True) -> Turn:
        questions = DjangoQuestions()
        turn = questions.begin(question, asker, NOW + later, most_of_one=3, most_in_all=5)
        if turn is Turn.ANSWER and finish:
            questions.finish(question, NOW + later)
        return turn

    return begin


def test_a_question_is_answered_once(begin: Begin) -> None:
    assert [begin("q"), begin("q")] == [Turn.ANSWER, Turn.ANSWERED]


def test_a_question_whose_answer_was_never_handed_on_is_taken_up_again(begin: Begin) -> None:
    assert [begin("q", finish=False), begin("q", finish=False), begin("q"), begin("q")] == [
        *(Turn.ANSWER, Turn.ANSWER, Turn.ANSWER),
        Turn.ANSWERED,
    ]


def test_one_asker_is_answered_only_so_often_in_an_hour_and_others_still_are(begin: Begin) -> None:
    assert [begin(f"q{place}") for place in range(4)] == [*[Turn.ANSWER] * 3, Turn.LATER]
    assert begin("other", "taro") is Turn.ANSWER
    assert begin("q3", later=timedelta(minutes=61)) is Turn.ANSWER


def test_all_together_are_answered_only_so_often_in_an_hour(begin: Begin) -> None:
    assert [begin(f"q{place}", f"a{place}") for place in range(6)] == [*[Turn.ANSWER] * 5, Turn.LATER]


def test_after_eight_days_nothing_is_kept(begin: Begin) -> None:
    from takeback.store.models import QuestionRow

    begin("old")
    begin("new", later=timedelta(days=8, seconds=1))
    assert [row.id for row in QuestionRow.objects.all()] == ["new"]
