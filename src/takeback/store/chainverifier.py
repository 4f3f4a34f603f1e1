"""Who looks whether anything was altered? `casework.verifying.Verifier` on the database of the cases and the anchor."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from takeback.casework.verifying import Verdict
from takeback.store.anchor import AnchorFile, name_of
from takeback.store.anchoring import Anchoring
from takeback.store.anchorwalk import Kept
from takeback.store.chainwalk import TABLES, Keys, Walk
from takeback.store.moment import Moments


class FileVerifier:
    """Looks at one moment of the database and at the anchor in `file`."""

    def __init__(
        self, moments: Moments, file: Path, keys: Keys, anchoring: Anchoring, now: Callable[[], datetime]
    ) -> None:
        self._moments, self._file, self._keys, self._anchoring, self._now = moments, file, keys, anchoring, now

    def verify(
        self,
        *,
        against: Iterable[str] = (),
        told: Callable[[int, int], None] = lambda _done, _of: None,
        go_on: Callable[[], bool] = lambda: True,
    ) -> Verdict:
        """Look at every line."""
        known = name_of(self._file) if self._moments.shared else ""
        ours = Kept(str(self._file), AnchorFile(self._file).lines(), ours=True, known=known)
        theirs = Kept("", enumerate(against, start=1), ours=False)
        with self._moments.open(*TABLES) as moment:
            return Walk(moment, self._keys, told, go_on).verdict(self._now(), (ours, theirs))

    def pin(self) -> None:
        """Let the book name the ends of the logs that have grown since it last did."""
        self._anchoring.pin()

    def anchor(self) -> str:
        """Write how things stand to the anchor now, and give its line."""
        return self._anchoring.write()
