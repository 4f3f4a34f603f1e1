"""How does a transaction begin? With the turn to write (`turns`), which it gives up when it ends."""

from collections.abc import Callable

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from takeback.store.sqlite.turns import turns_of


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for the turn."""

    _give: Callable[[], None] | None = None

    def _start_transaction_under_autocommit(self) -> None:
        try:
            give = turns_of(str(self.settings_dict["NAME"])).take()
        except TimeoutError:
            raise OperationalError("database is locked") from None
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            give()
            raise
        self._give = give

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        finally:
            self._end_turn()

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
        if give is not None:
            give()
