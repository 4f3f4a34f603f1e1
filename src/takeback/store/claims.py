"""Who works on which case? `casework.claims.Claims` on Django's tables."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from takeback.casework.claims import Claim, Hand
from takeback.store.holding import hold
from takeback.store.models import ClaimRow, HandRow


class DjangoClaims:
    """Meets `casework.claims.Claims` on Django's default database."""

    def claim(self, claim: Claim, *, over: bool = False) -> Claim:
        """Take the case, or say who has it."""
        with transaction.atomic():
            hold([claim.case])
            row = ClaimRow.objects.filter(case_id=claim.case).first()
            if row is not None and row.until > claim.at and row.by != claim.by and not over:
                return _claim_of(row)
            values = {"by": claim.by, "at": claim.at, "until": claim.until}
            ClaimRow.objects.update_or_create(case_id=claim.case, defaults=values)
        return claim

    def release(self, case: str, by: str) -> None:
        """Give the case back, where it is this person's."""
        with transaction.atomic():
            ClaimRow.objects.filter(case_id=case, by=by).delete()

    def of_case(self, case: str, now: datetime) -> Claim | None:
        """Whose the case is now."""
        row = ClaimRow.objects.filter(case_id=case, until__gt=now).first()
        return None if row is None else _claim_of(row)

    def every(self, now: datetime) -> dict[str, Claim]:
        """All claims that stand, by case."""
        return {row.case_id: _claim_of(row) for row in ClaimRow.objects.filter(until__gt=now)}

    def hand(self, hand: Hand) -> None:
        """Give a task to somebody; the last one has it."""
        values = {"to": hand.to, "by": hand.by, "at": hand.at, "until": hand.until}
        with transaction.atomic():
            HandRow.objects.update_or_create(task_id=hand.task, defaults=values)

    def hands(self, tasks: Iterable[str]) -> dict[str, Hand]:
        """Who has these tasks, by task id."""
        found = HandRow.objects.filter(task_id__in=list(tasks))
        return {row.task_id: Hand(row.task_id, row.to, row.by, row.at, row.until) for row in found}


def _claim_of(row: ClaimRow) -> Claim:
    return Claim(row.case_id, row.by, row.at, row.until)
