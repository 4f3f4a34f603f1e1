"""What happened? Writes an event into the outbox, in whatever transaction the change itself is being made."""

import json
import uuid
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from takeback_oscar import client
from takeback_oscar.conf import conf
from takeback_oscar.context import Actor, current_actor, current_mark, current_visit
from takeback_oscar.models import OutboxEvent
from takeback_oscar.redaction import redacted

# How long an order's event waits for its payment to be written when the request never comes to an end.
HOLD = timedelta(seconds=5)


class EventType(StrEnum):
    """The contract's `type`, as far as Oscar can know it."""

    SIGNED_IN = "account.signed_in"
    SIGN_IN_FAILED = "account.sign_in_failed"
    SIGNED_OUT = "account.signed_out"
    RESET_REQUESTED = "account.reset_requested"
    VIEWED = "account.viewed"
    FIELD_CHANGED = "account.field_changed"
    ITEM_ADDED = "account.item_added"
    ITEM_CHANGED = "account.item_changed"
    ITEM_REMOVED = "account.item_removed"
    ORDER_PLACED = "order.placed"
    ORDER_CHANGED = "order.changed"
    ORDER_SHIPPED = "order.shipped"
    ORDER_DELIVERED = "order.delivered"
    ORDER_CANCELLED = "order.cancelled"
    MESSAGE_SENT = "message.sent"


def record(
    account: str, kind: EventType, *, hold: bool = False, actor: Actor | None = None, **data: Any
) -> OutboxEvent:
    """Writes one event of `account`; `data` are the fields of its type. With `hold` it waits for `release`."""
    visit, mark = current_visit(), current_mark()
    told: dict[str, Any] = {"actor": actor or current_actor(), **data}
    if visit is not None and mark is None:
        told["client"] = client.describe(visit)
    if mark is not None:
        told["takeback"] = {"id": mark.id, "action": mark.action}
    now = conf().clock()
    event_id = uuid.uuid4().hex
    payload = {
        "specversion": "1.0",
        "id": event_id,
        "source": conf().source,
        "type": kind,
        "subject": account,
        "time": now.isoformat(timespec="milliseconds"),
        "data": told,
    }
    row = OutboxEvent.objects.create(
        event=event_id,
        account=account,
        type=kind,
        # Lazy translations and dates become plain JSON here, so that what is stored is what is sent.
        payload={**payload, "data": redacted(json.loads(json.dumps(told, cls=DjangoJSONEncoder)))},
        ready_at=_until() if hold else None,
    )
    transaction.on_commit(_wake)
    return row


def field_changed(account: str, field: str, before: Any, after: Any) -> None:
    record(account, EventType.FIELD_CHANGED, field=field, before=before, after=after)


def secret_changed(account: str, field: str) -> None:
    """For a password: that it changed, and nothing of what it was or is."""
    record(account, EventType.FIELD_CHANGED, field=field)


def contained(account: str, action: str) -> None:
    """That Takeback contained the account, for the investigation's own record."""
    field_changed(account, "containment", None, action)


def release(row_ids: list[int]) -> None:
    """Lets events go that waited for the rest of their request."""
    if row_ids:
        OutboxEvent.objects.filter(pk__in=row_ids).update(ready_at=None)
        transaction.on_commit(_wake)


def _until() -> Any:
    # The real time and not the shop's clock: it is a wait, not a date of the story.
    return timezone.now() + HOLD


def _wake() -> None:
    from takeback_oscar import courier

    courier.wake()
