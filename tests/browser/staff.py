"""What does a member of staff do here? Lets a hold end now: `python -m tests.browser.staff CASE`, in Takeback's own
house (`TAKEBACK_CONFIG`). A process of its own, because the tests' thread must not wait for a database.
"""

import sys
from datetime import UTC, datetime

from takeback.bootstrap import build_house
from takeback.casework.hold import move_end
from takeback.configuration import load_configuration


def main() -> None:
    """End the hold of the case that is named."""
    house = build_house(load_configuration())
    move_end(house, sys.argv[1], datetime.now(UTC), by="mori", why="spoke with the customer")
    house.close()


main()
