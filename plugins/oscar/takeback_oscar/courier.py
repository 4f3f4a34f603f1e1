"""How do events get to Takeback? A daemon thread of the serving process takes them there, in order, until all arrived.

It is started by the first request or the first event of a process and not when Django starts: a server that forks its
workers would leave the thread behind. Should two processes deliver, a lease in the database lets one of them at a time.
"""

from __future__ import annotations

import atexit
import logging
import os
import random
import socket
import threading
import time
import uuid
from datetime import timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from takeback_oscar import delivery, sessions
from takeback_oscar.conf import conf
from takeback_oscar.models import CourierLease, KeptCard, OutboxEvent, ResetLink

logger = logging.getLogger("takeback_oscar")
BATCH = 200
IDLE_SECONDS = 1.0  # how soon an event written by another process is noticed
LEASE = timedelta(seconds=20)  # longer than a request takes; renewed with each batch
LONGEST_PAUSE = 10.0
BUSY_SECONDS = 0.1  # another process is delivering
PRUNE_EVERY = timedelta(hours=1)


def _name() -> str:
    """Of this process, as a holder of the lease: host, process and a word of its own."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


_holder = _name()
_lock = threading.Lock()
_thread: threading.Thread | None = None
_pid = 0
_news = threading.Event()
_idle = threading.Event()


def serve() -> None:
    """Makes sure that this process has its courier. Called with every request, so it has to cost nothing."""
    if (_thread is None or _pid != os.getpid() or not _thread.is_alive()) and conf().url:
        _start()


def wake() -> None:
    """An event has been committed."""
    if conf().url:
        _idle.clear()
        serve()
        _news.set()


def _start() -> None:
    global _thread, _pid, _holder, _lock
    if _pid != os.getpid():
        # After a fork: the parent's lock may be held by a thread that does not exist here.
        _lock = threading.Lock()
    with _lock:
        if _thread is not None and _pid == os.getpid() and _thread.is_alive():
            return
        if _pid != os.getpid():
            _holder = _name()
            atexit.register(_finish)
        _pid = os.getpid()
        _thread = threading.Thread(target=_work, name="takeback-courier", daemon=True)
        _thread.start()


def _finish() -> None:
    """A command that ends gets a moment to deliver what it wrote; what is left is the next process's to deliver."""
    if _pid == os.getpid():
        _idle.wait(2.0)


def _work() -> None:
    pause, pruned = 0.0, timezone.now() - PRUNE_EVERY
    while True:
        if pause:
            time.sleep(pause)  # news does not cut it short: new events are no reason to believe that Takeback is back
        else:
            _news.wait(IDLE_SECONDS)
        _news.clear()
        try:
            sent = send_waiting()
            pause = 0.0 if sent.arrived else BUSY_SECONDS if sent.busy else _longer(pause)
            if timezone.now() - pruned > PRUNE_EVERY:
                prune()
                pruned = timezone.now()
        except Exception:
            logger.exception("Events could not be delivered; it is tried again.")
            pause = _longer(pause)
            connection.close()
        finally:
            close_old_connections()
        if not pause:
            _idle.set()


def _longer(pause: float) -> float:
    """Exponential backoff with full jitter on its upper half."""
    return min(LONGEST_PAUSE, max(0.2, pause * 2)) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


class Sent:
    """What a round of delivering came to. `arrived` is False when something is left to try again; `busy`: another
    process is at it.
    """

    def __init__(self) -> None:
        self.delivered = 0
        self.dead = 0
        self.arrived = True
        self.busy = False


def send_waiting() -> Sent:
    """Delivers what is ready, oldest first, and stops at what is not ready yet or did not arrive."""
    sent = Sent()
    if not _waiting().exists():
        return sent
    if not _take_lease():
        sent.arrived, sent.busy = False, True
        return sent
    try:
        while rows := _ready():
            verdicts = delivery.deliver([row.payload for row in rows])
            _settle(rows, verdicts, sent)
            if not sent.arrived:
                break
            _take_lease()
    finally:
        CourierLease.objects.filter(name="outbox", holder=_holder).update(until=timezone.now())
    return sent


def _waiting() -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(state=OutboxEvent.State.WAITING)


def _ready() -> list[OutboxEvent]:
    """Ready events from the oldest on. One that waits for its request holds up what follows it: order is kept."""
    rows: list[OutboxEvent] = []
    now = timezone.now()
    for row in _waiting().order_by("pk")[:BATCH]:
        if row.ready_at is not None and row.ready_at > now:
            break
        rows.append(row)
    return rows


def _settle(rows: list[OutboxEvent], verdicts: list[delivery.Verdict], sent: Sent) -> None:
    now = timezone.now()
    delivered = [row.pk for row, verdict in zip(rows, verdicts, strict=True) if verdict.delivered]
    with transaction.atomic():
        OutboxEvent.objects.filter(pk__in=delivered).update(
            state=OutboxEvent.State.DELIVERED, settled_at=now, problem=""
        )
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict.refused:
                # Never lost in silence: it stays, with the reason, and `takeback_send --dead` lists or sends it again.
                OutboxEvent.objects.filter(pk=row.pk).update(
                    state=OutboxEvent.State.DEAD, settled_at=now, problem=verdict.problem[:300]
                )
                logger.error("Takeback refused event %s (%s): %s", row.event, row.type, verdict.problem)
                sent.dead += 1
    sent.delivered += len(delivered)
    late = next((verdict for verdict in verdicts if not verdict.delivered and not verdict.refused), None)
    if late is not None:
        sent.arrived = False
        logger.warning("Events wait for Takeback: %s", late.problem)


def _take_lease() -> bool:
    now = timezone.now()
    lease, _ = CourierLease.objects.get_or_create(name="outbox", defaults={"until": now})
    free = Q(until__lte=now) | Q(holder=_holder)
    if _has_ended(lease.holder):
        free |= Q(holder=lease.holder)
    return bool(CourierLease.objects.filter(free, name="outbox").update(holder=_holder, until=now + LEASE))


def _has_ended(holder: str) -> bool:
    """True for a process of this machine that is no more: a shop that was killed is not waited for."""
    host, _, rest = holder.partition(":")
    process = rest.partition(":")[0]
    if host != socket.gethostname()[:24] or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)  # signal 0 only asks
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def prune() -> None:
    """Deletes what has been delivered long ago, cards removed long ago, and links that timed out."""
    now = timezone.now()
    OutboxEvent.objects.filter(
        state=OutboxEvent.State.DELIVERED, settled_at__lt=now - timedelta(days=conf().keep_delivered_days)
    ).delete()
    KeptCard.objects.filter(
        why=KeptCard.Why.REMOVED, kept_at__lt=now - timedelta(days=conf().keep_removed_cards_days)
    ).delete()
    ResetLink.objects.filter(issued_at__lt=now - timedelta(days=30)).delete()
    sessions.forget_ended()
