"""So many phases of a worker compute at once; who waits for a service holds up nobody."""

from threading import Event, Thread

import pytest

from takeback.casework.seats import Seats, stood_up

SOON = 5.0  # seconds; what is to happen happens at once


def test_nobody_gets_a_seat_while_all_are_taken() -> None:
    seats, sat = Seats(1), Event()

    def sit() -> None:
        with seats.taken():
            sat.set()

    with seats.taken():
        other = Thread(target=sit)
        other.start()
        assert not sat.wait(0.1)
    other.join(SOON)
    assert sat.is_set()


def test_who_stands_up_lets_another_one_sit_and_waits_to_sit_again() -> None:
    seats, sat, go, back = Seats(1), Event(), Event(), Event()

    def sit() -> None:
        with seats.taken():
            sat.set()
            go.wait(SOON)

    def visit() -> None:
        with seats.taken():
            other.start()
            with stood_up():
                sat.wait(SOON)
            back.set()

    other, visitor = Thread(target=sit), Thread(target=visit)
    visitor.start()
    assert sat.wait(SOON)
    assert not back.wait(0.1)  # the seat is taken
    go.set()
    visitor.join(SOON)
    other.join(SOON)
    assert back.is_set()


def test_a_seat_is_free_again_after_an_error_within_and_without() -> None:
    seats = Seats(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), seats.taken(), stood_up():
            raise ZeroDivisionError
    done = Event()

    def sit() -> None:
        with seats.taken():
            done.set()

    other = Thread(target=sit)
    other.start()
    other.join(SOON)
    assert done.is_set()


def test_who_has_no_seat_stands_already() -> None:
    with stood_up(), stood_up():
        pass


def test_to_stand_up_twice_gives_one_seat_back() -> None:
    seats = Seats(1)
    with seats.taken():
        with stood_up(), stood_up():
            pass
        sat = Event()

        def sit() -> None:
            with seats.taken():
                sat.set()

        other = Thread(target=sit)
        other.start()
        assert not sat.wait(0.1)
    other.join(SOON)
