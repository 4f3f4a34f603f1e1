"""`manage.py ship_order NUMBER...`: the warehouse hands parcels to the carrier. Prints each parcel's number."""

import secrets
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from oscar.core.loading import get_class, get_model
from shop import clock
from takeback_oscar.context import Actor, acting_as


class Command(BaseCommand):
    help = "Ships orders and prints the number of each parcel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numbers", nargs="+", metavar="NUMBER")
        parser.add_argument("--at", help="RFC 3339; when they left, with SHOP_DEMO_CLOCK=1 only")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["at"] and not settings.DEMO_CLOCK:
            raise CommandError("--at needs SHOP_DEMO_CLOCK=1.")
        at = clock.telling(datetime.fromisoformat(options["at"])) if options["at"] else nullcontext()
        with at, acting_as(Actor.STAFF):
            for number in options["numbers"]:
                self.stdout.write(self._ship(number))

    @transaction.atomic
    def _ship(self, number: str) -> str:
        order = get_model("order", "Order").objects.select_for_update().filter(number=number).first()
        if order is None:
            raise CommandError(f"There is no order {number}.")
        if "Shipped" not in order.available_statuses():
            raise CommandError(f"Order {number} is {order.status} and cannot be shipped.")
        tracking = f"{secrets.randbelow(10**12):012d}"
        handler = get_class("order.processing", "EventHandler")(None)
        lines = list(order.lines.all())
        shipped = get_model("order", "ShippingEventType").objects.get(code="shipped")
        quantities = [line.quantity for line in lines]
        handler.handle_shipping_event(order, shipped, lines, quantities, reference=tracking)
        handler.consume_stock_allocations(order)
        handler.handle_order_status_change(order, "Shipped", note_msg=f"送り状番号 {tracking}")
        return tracking
