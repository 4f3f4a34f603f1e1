"""How does a customer come to be? `python -m examples.video create-customer --id 42 --email … --name …`."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime

from . import database
from .customers import ValueRefused, create_customer
from .settings import SetupError, from_environment


def main(argv: list[str] | None = None) -> int:
    """0 when the customer is registered, 2 with one sentence when the call or a value is wrong."""
    parser = argparse.ArgumentParser(prog="python -m examples.video")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    create = commands.add_parser("create-customer", help="register a customer under the number all services share")
    create.add_argument("--id", required=True)
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("--password", help="read from standard input where it is left out")
    create.add_argument("--language", default="ja")
    create.add_argument("--at", type=_time, default=None, help="when they registered, RFC 3339; else now")
    options = parser.parse_args(argv)
    try:
        settings = from_environment()
        database.create(settings.database)
        with closing(database.connect(settings.database)) as db:
            create_customer(
                db,
                customer_id=options.id,
                email=options.email,
                password=sys.stdin.readline().rstrip("\n") if options.password is None else options.password,
                name=options.name,
                language=options.language,
                at=options.at or datetime.now(UTC),
            )
    except (SetupError, ValueRefused) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise argparse.ArgumentTypeError("a time needs an offset, such as 2026-01-31T09:00:00+09:00")
    return time.astimezone(UTC)


if __name__ == "__main__":
    sys.exit(main())
