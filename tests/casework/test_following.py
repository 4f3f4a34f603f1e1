"""What a phase of a case starts for the same case runs in the same run, once."""

from takeback.casework.following import Next, follows, gathered


def test_outside_a_run_nothing_follows() -> None:
    assert not follows("undo", ("c1",), "plan-1")


def test_what_is_started_for_the_case_follows_in_order_and_once() -> None:
    with gathered("c1") as following:
        assert follows("investigate", ("c1",), "frozen")
        assert follows("letter", ("c1", "result", "x"), "result-1")
        assert follows("investigate", ("c1",), "frozen")
        assert following.pop() == Next("investigate", ("c1",), "frozen")
        assert follows("investigate", ("c1",), "frozen")  # it has run already
        assert following.pop() == Next("letter", ("c1", "result", "x"), "result-1")
        assert following.pop() is None
    assert not follows("investigate", ("c1",), "frozen")


def test_another_case_and_what_stops_an_account_need_rows_of_their_own() -> None:
    with gathered("c1"):
        assert not follows("undo", ("c2",), "plan-1")
        assert not follows("freeze", ("c1",), "report")
        assert not follows("hold", ("c1",), "until")
