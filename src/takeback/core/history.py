"""One account's events in order of time, found by their type without going through all of them again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from takeback.core.events import Event, EventType


class History(list[Event]):
    """A list of events in order of time that is not changed any more once it has been asked for some types."""

    __slots__ = ("_places",)

    def __init__(self, events: Iterable[Event] = ()) -> None:
        """`events` are in order of time."""
        super().__init__(events)
        self._places: dict[EventType, list[int]] | None = None

    def of(self, types: Collection[EventType]) -> list[Event]:
        """The events of these types, in order of time."""
        if self._places is None:
            places = self._places = defaultdict(list)
            for place, event in enumerate(self):
                places[event.type].append(place)
        found = [self._places[kind] for kind in types if kind in self._places]
        return [self[place] for place in (found[0] if len(found) == 1 else sorted(chain.from_iterable(found)))]


def of_types(events: Sequence[Event], *types: EventType) -> list[Event]:
    """The events of these types, in the order in which they are given."""
    if isinstance(events, History):
        return events.of(types)
    return [event for event in events if event.type in types]
