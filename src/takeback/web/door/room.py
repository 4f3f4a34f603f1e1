"""Is there room for one more body? Bytes that this process holds of requests on their way, bounded before they come."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from takeback.web.door.refusal import too_many

FULL = "too much is on its way just now; send it again in a moment"


class Room:
    """Holds at most `most` bytes, at most `each` of one client. Used by one thread, that of the event loop.

    A request takes room for what has arrived of it, never for what it says that will: else a few that say much and send
    nothing would keep all others out.
    """

    def __init__(self, most: int, each: int | None = None) -> None:
        self.most, self._each = most, each or most
        self.taken = 0
        self._by_client: Counter[str] = Counter()

    def must_fit(self, size: int) -> None:
        """`Refusal`: 429 for a body of `size` bytes that would not fit now."""
        if self.taken + size > self.most:
            raise too_many(FULL)

    @contextmanager
    def held(self, client: str) -> Iterator["Held"]:
        """Room for one request, empty at first, and given back at the end."""
        held = Held(self, client)
        try:
            yield held
        finally:
            self._give(client, held.size)

    def take(self, client: str, size: int) -> None:
        """`size` bytes more. `Refusal`: 429, and they are not taken."""
        if self.taken + size > self.most or self._by_client[client] + size > self._each:
            raise too_many(FULL)
        self.taken += size
        self._by_client[client] += size

    def _give(self, client: str, size: int) -> None:
        self.taken -= size
        self._by_client[client] -= size
        if self._by_client[client] <= 0:
            del self._by_client[client]


class Held:
    """What one request holds."""

    def __init__(self, room: Room, client: str) -> None:
        self._room, self._client, self.size = room, client, 0

    def more(self, size: int) -> None:
        """So many bytes more have come."""
        self._room.take(self._client, size)
        self.size += size
