"""Who looks whether anything was altered? `casework.verifying.Verifier` on the file of the cases and the anchor."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from takeback.casework.verifying import Verdict
from takeback.store.anchor import AnchorFile
from takeback.store.anchoring import Anchoring
from takeback.store.anchorwalk import Kept
from takeback.store.bookread import one_moment
from takeback.store.chainwalk import Keys, Walk


class FileVerifier:
    """Looks at the database in the file `database` and at the anchor in `file`."""

    def __init__(
        self, database: Path, file: Path, keys: Keys, anchoring: Anchoring, now: Callable[[], datetime]
    ) -> None:
        self._database, self._file, self._keys, self._anchoring, self._now = database, file, keys, anchoring, now

    def verify(
        self,
        *,
        against: Iterable[str] = (),
        told: Callable[[int, int], None] = lambda _done, _of: None,
        go_on: Callable[[], bool] = lambda: True,
    ) -> Verdict:
        """Look at every line."""
        ours = Kept(str(self._file), AnchorFile(self._file).lines(), ours=True)
        theirs = Kept("", enumerate(against, start=1), ours=False)
        with one_moment(self._database) as connection:
            return Walk(connection, self._keys, told, go_on).verdict(self._now(), (ours, theirs))

    def pin(self) -> None:
        """Let the book name the ends of the logs that have grown since it last did."""
        self._anchoring.pin()

    def anchor(self) -> str:
        """Write how things stand to the anchor now, and give its line."""
        return self._anchoring.write()
