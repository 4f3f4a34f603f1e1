"""How is a pretend shop started? `PRETEND_SECRET=whsec_… python -m takeback.shops.pretend --data FILE`."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from takeback.core.events import parse_event
from takeback.shops.pretend.alike import fill
from takeback.shops.pretend.journal import Journal
from takeback.shops.pretend.server import PretendServer
from takeback.shops.pretend.shop import PretendShop
from takeback.shops.pretend.telling import Telling


def main(argv: list[str] | None = None) -> int:
    """Serves until it is ended; prints its base address first. 2 with one sentence where the secret is none."""
    parser = argparse.ArgumentParser(prog="python -m takeback.shops.pretend")
    parser.add_argument(
        "--data", type=Path, required=True, help="the SQLite file in which the shop outlives its process"
    )
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--source", default="/shops/pretend")
    parser.add_argument("--like", type=Path, metavar="EVENTS", help="begin with the accounts that this file tells of")
    parser.add_argument("--takeback", default="", metavar="URL", help="where events go, without /v1/events")
    options = parser.parse_args(argv)
    shop = PretendShop(options.source, clock=lambda: datetime.now(UTC))
    journal = Journal(options.data)
    journal.load(shop)
    if options.like:
        with options.like.open("rb") as told:
            fill(shop, [parse_event(line) for line in told])
        journal.save(shop)
    secret = os.environ.get("PRETEND_SECRET", "")
    try:
        server = PretendServer(shop, secret, port=options.port, journal=journal)
    except Exception:
        # The library says this in several ways, one of which quotes from the secret.
        print("PRETEND_SECRET must be a Standard Webhooks secret: whsec_ and base64.", file=sys.stderr)
        return 2
    if options.takeback:
        Telling(shop, options.takeback, secret).start()
    print(server.base_url, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
