"""`python -m benchmarks.wave.worker FOLDER ACCOUNTS`: a worker as `takeback work` is one, whose shops are mapped files
and whose mail server takes a letter in 5 ms.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from time import sleep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeback.worker_settings")

from benchmarks.wave.lives import FILM, SHOP
from benchmarks.wave.shop import ANSWERS, MappedShop
from takeback.bootstrap import House, build_house
from takeback.casework.engine import run_worker
from takeback.casework.post import Letter
from takeback.casework.sent import RecordedMailer
from takeback.configuration import load_configuration
from takeback.mail.notices import MailNotices


class Post:
    """Takes letters."""

    def message_id(self, letter_id: str) -> str:
        """As a mail server's client makes it."""
        return f"<{letter_id}@wave.example>"

    def send(self, _: Letter) -> None:
        """Take one."""
        sleep(ANSWERS)


def wave_house(folder: Path, accounts: int) -> House:
    """The house of the settings in the environment, with the shops of the wave."""
    house = build_house(load_configuration())
    mailer = RecordedMailer(Post(), house.event_log.sent, house.cases, house.clock)
    shops = (MappedShop(SHOP, folder, accounts), MappedShop(FILM, folder, accounts))
    return replace(house, services=shops, mailer=mailer, notices=MailNotices(mailer))


def main() -> None:
    """Work until told to stop."""
    folder, accounts = Path(sys.argv[1]), int(sys.argv[2])
    house = wave_house(folder, accounts)
    run_worker(house, ready=(folder / f"ready-{os.getpid()}").touch)
    house.close()


if __name__ == "__main__":
    main()
