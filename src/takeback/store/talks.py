"""What was said at the door? Conversations and their turns, until `retention` erases them; and the addresses of case
pages that were replaced.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from takeback.casework.talks import Talk, Turn, Voice
from takeback.core.case import Language
from takeback.core.talk import Choice, Line
from takeback.core.triage import Need
from takeback.store.models import OldLinkRow, TalkCaseRow, TalkRow, TurnRow


class DjangoTalks:
    """Meets `casework.talks.Talks` on Django's default database."""

    def open(self, talk: Talk, turns: Sequence[Turn]) -> None:
        """Store a new conversation with its first turns."""
        with transaction.atomic():
            row = TalkRow.objects.create(
                id=talk.id,
                token_hash=talk.token_hash,
                language=talk.language.value,
                named=talk.named,
                choice=talk.choice.value,
                need=talk.need.value,
                harmless=talk.harmless,
                opened_at=talk.opened_at,
                tries=talk.tries,
            )
            TurnRow.objects.bulk_create([_turn_row(row, place, turn) for place, turn in enumerate(turns)])

    def talk(self, talk_id: str) -> Talk | None:
        """The conversation, or None."""
        row = TalkRow.objects.filter(id=talk_id).first()
        return None if row is None else _talk_of(row)

    def by_token(self, token_hash: str) -> Talk | None:
        """The conversation that this token opens."""
        row = TalkRow.objects.filter(token_hash=token_hash).first()
        return None if row is None else _talk_of(row)

    def turns(self, talk_id: str) -> list[Turn]:
        """Its turns, oldest first."""
        return [_turn_of(row) for row in TurnRow.objects.filter(talk_id=talk_id).order_by("number")]

    def add(self, talk: Talk, turns: Sequence[Turn]) -> None:
        """Append turns, and write the need as `talk` has it."""
        with transaction.atomic():
            row = TalkRow.objects.select_for_update(no_key=True).get(id=talk.id)
            TalkRow.objects.filter(id=talk.id).update(need=talk.need.value, harmless=talk.harmless)
            begun = TurnRow.objects.filter(talk=row).count()
            TurnRow.objects.bulk_create([_turn_row(row, begun + place, turn) for place, turn in enumerate(turns)])

    def link(self, talk_id: str, cases: Sequence[str]) -> None:
        """Write which cases came of it; those of before stay."""
        rows = [TalkCaseRow(talk_id=talk_id, case_id=case) for case in cases]
        with transaction.atomic():
            TalkRow.objects.select_for_update(no_key=True).filter(id=talk_id).first()  # one after the other
            TalkCaseRow.objects.bulk_create(rows, ignore_conflicts=True)

    def cases(self, talk_id: str) -> list[str]:
        """The ids of the cases that came of it."""
        return list(TalkCaseRow.objects.filter(talk_id=talk_id).order_by("id").values_list("case_id", flat=True))

    def of_case(self, case_id: str) -> list[Talk]:
        """The conversations of a case, oldest first."""
        links = TalkCaseRow.objects.filter(case_id=case_id).select_related("talk").order_by("talk__opened_at")
        return [_talk_of(link.talk) for link in links]

    def try_code(self, talk_id: str) -> int:
        """Count one more try of a code, before it is compared; the count with it."""
        with transaction.atomic():
            TalkRow.objects.filter(id=talk_id).update(tries=F("tries") + 1)
            return TalkRow.objects.values_list("tries", flat=True).get(id=talk_id)

    def tries_at_door(self, case_id: str, since: datetime) -> int:
        """How many codes were tried in the conversations of a case that began after `since`."""
        counted = TalkCaseRow.objects.filter(case_id=case_id, talk__opened_at__gt=since)
        return counted.aggregate(total=Sum("talk__tries"))["total"] or 0


class DjangoOldLinks:
    """Meets `casework.talks.OldLinks` on Django's default database."""

    def add(self, case_id: str, token_hash: str, at: datetime) -> None:
        """Write that this address of the case's page was replaced."""
        OldLinkRow.objects.get_or_create(token_hash=token_hash, defaults={"case_id": case_id, "at": at})

    def known(self, token_hash: str) -> bool:
        """True for an address that was replaced."""
        return OldLinkRow.objects.filter(token_hash=token_hash).exists()


def _talk_of(row: TalkRow) -> Talk:
    return Talk(
        id=row.id,
        token_hash=row.token_hash,
        language=Language(row.language),
        named=row.named,
        choice=Choice(row.choice),
        need=Need(row.need),
        harmless=row.harmless,
        opened_at=row.opened_at,
        tries=row.tries,
    )


def _turn_row(talk: TalkRow, number: int, turn: Turn) -> TurnRow:
    key = "" if turn.line is None else turn.line.value
    return TurnRow(talk=talk, number=number, voice=turn.voice.value, key=key, text=turn.text, at=turn.at)


def _turn_of(row: TurnRow) -> Turn:
    return Turn(Voice(row.voice), row.at, text=row.text, line=Line(row.key) if row.key else None)
