"""Which keys are good just now? All of them, read anew at least once in a second in which somebody asks.

They are few, and are read all together: so a key that was revoked opens nothing any more in any process a second later,
and who tries made-up keys costs a look into a dictionary and never one into the database.
"""

from threading import Lock
from time import monotonic

from takeback.casework.keys import Key
from takeback.casework.ports import House

LIVES = 1.0  # seconds
_NOTED = 60.0  # seconds between two notes of when a key was last used


class KeyRing:
    """The keys of a house. Safe to share between threads; reading and noting block, looking does not."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._keys: dict[str, Key] = {}
        self._read_at = float("-inf")
        self._lock = Lock()

    @property
    def is_stale(self) -> bool:
        """True when it has to be read before it is looked at."""
        return monotonic() - self._read_at > LIVES

    def read(self) -> None:
        """Read all keys, unless another thread has just done so. Raises what the database raises."""
        with self._lock:
            if not self.is_stale:
                return
            began = monotonic()
            with self._house.released():
                self._keys = {key.id: key for key in self._house.keys.every()}
            self._read_at = began

    def get(self, id_: str) -> Key | None:
        """The key of this id."""
        return self._keys.get(id_)

    def is_unnoted(self, key: Key) -> bool:
        """True when it has long not been noted that this key is in use."""
        return key.used_at is None or (self._house.clock.now() - key.used_at).total_seconds() > _NOTED

    def note(self, key: Key) -> None:
        """Note that the key is in use."""
        with self._lock, self._house.released():
            now = self._house.clock.now()
            self._house.keys.used(key.id, now)
