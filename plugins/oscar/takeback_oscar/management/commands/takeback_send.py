"""`manage.py takeback_send`: delivers waiting events from outside the web server, once or for ever."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from takeback_oscar import courier
from takeback_oscar.conf import conf
from takeback_oscar.models import OutboxEvent


class Command(BaseCommand):
    help = "Delivers waiting events to Takeback. Lists those that Takeback refused; --retry-dead sends them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on until interrupted.")
        parser.add_argument("--retry-dead", action="store_true", help="Try the refused events once more.")

    def handle(self, *_: Any, loop: bool, retry_dead: bool, **__: Any) -> None:
        if not conf().url:
            raise CommandError("TAKEBACK['URL'] is not set, so there is nowhere to send to.")
        if retry_dead:
            OutboxEvent.objects.filter(state=OutboxEvent.State.DEAD).update(state=OutboxEvent.State.WAITING)
        while True:
            sent = courier.send_waiting()
            courier.prune()
            if not loop:
                break
            time.sleep(0.2 if sent.arrived else 5)
        dead = OutboxEvent.objects.filter(state=OutboxEvent.State.DEAD)
        waiting = OutboxEvent.objects.filter(state=OutboxEvent.State.WAITING).count()
        self.stdout.write(f"delivered {sent.delivered}, waiting {waiting}, refused {dead.count()}")
        for row in dead.order_by("pk")[:20]:
            self.stdout.write(f"  refused: {row.event} {row.type} of account {row.account}: {row.problem}")
        if sent.busy:
            raise CommandError("Another process is delivering at this moment.")
        if waiting and not sent.arrived:
            raise CommandError("Takeback could not be reached; the events stay and are sent later.")
