"""Does the event log say the same whatever comes in which order, how often, and in which batches? On both stores."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback.casework.ports import EventLog
from takeback.core.events import parse_event
from tests.conftest import event_text

BEGAN = datetime(2014, 12, 31, 23, 59, 59, tzinfo=UTC)
MOMENTS = [BEGAN + step for step in (timedelta(0), timedelta(seconds=1), timedelta(days=31), timedelta(days=40_000))]
TOLD = st.tuples(st.integers(0, 11), st.sampled_from(MOMENTS))  # which event, and when it says it was
_rounds = count()  # each example has accounts of its own, in the one log


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(TOLD, min_size=1, max_size=6), max_size=6))
def test_each_event_is_there_once_as_first_told_and_by_time_then_arrival(
    event_log: EventLog, batches: list[list[tuple[int, datetime]]]
) -> None:
    """Half of the events are of one account, half of another."""
    told = next(_rounds)
    known: dict[int, datetime] = {}  # in order of arrival
    for batch in batches:
        texts = [
            event_text(id=f"{told}-{number}", subject=f"{told}/{number % 2}", time=at.isoformat())
            for number, at in batch
        ]
        accepted = event_log.append([(parse_event(text), text) for text in texts])
        new = []
        for place, (number, at) in enumerate(batch):
            if number not in known:
                known[number] = at
                new.append(place)
        assert (accepted.stored, accepted.repeated) == (len(new), len(batch) - len(new))
        assert accepted.fresh == (None if len(new) == len(batch) else frozenset(new))
    for account in (0, 1):
        mine = sorted((number for number in known if number % 2 == account), key=known.__getitem__)
        assert [event.id for event in event_log.account(f"{told}/{account}")] == [f"{told}-{number}" for number in mine]
