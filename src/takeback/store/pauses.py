"""Who paused what? `casework.pauses.Pauses` on Django's tables."""

from collections.abc import Sequence

from django.db import transaction

from takeback.casework.pauses import EVERY, Held, Pause
from takeback.store import bulk
from takeback.store.pauserow import HeldRow, PauseRow


class DjangoPauses:
    """Meets `casework.pauses.Pauses` on Django's default database."""

    def begin(self, pause: Pause) -> bool:
        """Write a pause."""
        with transaction.atomic():
            said = {"at": pause.at, "by": pause.by, "why": pause.why}
            return PauseRow.objects.get_or_create(case=pause.case, defaults=said)[1]

    def end(self, case: str) -> bool:
        """Take it back."""
        with transaction.atomic():
            return PauseRow.objects.filter(case=case).delete()[0] > 0

    def of(self, case: str) -> Pause | None:
        """Its own, or the one of all."""
        found = bulk.select(PauseRow, case=case) or bulk.select(PauseRow, case=EVERY)
        return _pause_of(found[0]) if found else None

    def every(self) -> list[Pause]:
        """All of them."""
        return [_pause_of(row) for row in PauseRow.objects.order_by("at", "case")]

    def hold(self, phase: str, args: Sequence[str]) -> None:
        """Remember what would have run."""
        with transaction.atomic():
            HeldRow.objects.get_or_create(case=args[0], phase=phase, defaults={"args": list(args)})

    def held(self, case: str) -> list[Held]:
        """What was held."""
        rows = HeldRow.objects.order_by("id")
        return [Held(row.pk, row.phase, tuple(row.args)) for row in (rows if case == EVERY else rows.filter(case=case))]

    def let_go(self, held: Held) -> None:
        """Forget it."""
        with transaction.atomic():
            HeldRow.objects.filter(pk=held.id).delete()


def _pause_of(row: PauseRow) -> Pause:
    return Pause(row.case, row.at, row.by, row.why)
