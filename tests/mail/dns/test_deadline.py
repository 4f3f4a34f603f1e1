"""Does a verdict's time end for all its questions together?"""

from takeback.mail.dns.deadline import Deadline
from takeback.mail.dns.port import Answer, AnswerState
from takeback.mail.dns.zone import ZoneResolver

ZONE = ZoneResolver({"shop.example TXT": ["v=spf1 -all"]})


class Watched:
    """A resolver that can be hurried, and notes by how much."""

    def __init__(self) -> None:
        self.given: list[float] = []

    def ask(self, name: str, kind: str) -> Answer:
        return self.ask_within(name, kind, 99.0)

    def ask_within(self, name: str, kind: str, seconds: float) -> Answer:
        self.given.append(seconds)
        return ZONE.ask(name, kind)


def test_before_the_end_the_answer_is_the_resolvers() -> None:
    assert Deadline(ZONE, 4.0, lambda: 0.0).ask("shop.example", "TXT").records == ("v=spf1 -all",)


def test_after_the_end_nothing_is_asked() -> None:
    now = [0.0]
    watched = Watched()
    resolver = Deadline(watched, 4.0, lambda: now[0])
    now[0] = 4.0
    assert resolver.ask("shop.example", "TXT").state is AnswerState.UNREACHABLE
    assert watched.given == []


def test_a_late_question_gets_only_what_is_left() -> None:
    now = [0.0]
    watched = Watched()
    resolver = Deadline(watched, 4.0, lambda: now[0])
    now[0] = 3.5
    resolver.ask("shop.example", "TXT")
    assert watched.given == [0.5]


def test_a_deadline_within_a_deadline_keeps_to_both() -> None:
    watched = Watched()
    Deadline(Deadline(watched, 1.0, lambda: 0.0), 4.0, lambda: 0.0).ask("shop.example", "TXT")
    assert watched.given == [1.0]
