"""`manage.py create_customer`: registers a customer at the counter. Prints the account id."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Registers a customer and prints the account id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--password", required=True)
        parser.add_argument("--name", default="", help="Family name, a space, given name; or one word.")
        parser.add_argument("--phone", default="")
        parser.add_argument("--language", default="ja")

    def handle(self, *_: Any, **options: Any) -> None:
        users = get_user_model()
        if users._default_manager.filter(email__iexact=options["email"]).exists():
            raise CommandError(f"There is an account with the address {options['email']} already.")
        family, _, given = options["name"].partition(" ")
        user = users._default_manager.create_user(
            options["email"],
            options["password"],
            last_name=family,
            first_name=given,
            phone=options["phone"],
            language=options["language"],
        )
        self.stdout.write(str(user.pk))
