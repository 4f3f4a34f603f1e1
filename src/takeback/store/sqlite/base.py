"""How does a transaction begin and end? It begins with the turn to write (`turns`), gives that up when it has been
written, and is over when it is on the disk (`syncing`).
"""

from collections.abc import Callable

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from takeback.sqlitefiles.syncing import syncing
from takeback.sqlitefiles.turns import turns_of


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for the turn and the sync. A statement by itself is synced by SQLite, as its settings say."""

    _give: Callable[[], None] | None = None

    def _start_transaction_under_autocommit(self) -> None:
        try:
            give = turns_of(self._file).take()
        except TimeoutError:
            raise OperationalError("database is locked") from None
        try:
            self.cursor().execute("PRAGMA synchronous = NORMAL")  # its commit need not wait: we do, with all others
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            give()
            raise
        self._give = give

    def _commit(self) -> None:
        is_ours = self._give is not None
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        finally:
            self._end_turn()
        if is_ours:
            try:
                syncing(self._file).wait()
            except OSError as error:
                raise OperationalError(f"disk I/O error: {error.strerror}") from error

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        give, self._give = self._give, None
        if give is None:
            return
        try:
            if self.connection is not None and not self.connection.in_transaction:
                self.connection.execute("PRAGMA synchronous = FULL")
        finally:
            give()

    @property
    def _file(self) -> str:
        return str(self.settings_dict["NAME"])
