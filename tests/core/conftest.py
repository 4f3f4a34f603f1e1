"""What do the tests of the core stand on?"""

from datetime import timedelta

import pytest

from tests.core.making import INTRUDER, NIGHT, OWNER, Log
from tests.core.turns import HOME


@pytest.fixture
def log() -> Log:
    """An account with a name and an address, and the intruder is in."""
    log = Log()
    log.at = NIGHT - timedelta(days=1)
    log.by(OWNER).field("name", None, "花子").item("addresses", "7", None, HOME)
    log.at = NIGHT
    return log.by(INTRUDER).viewed("cards")
