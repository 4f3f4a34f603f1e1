"""Who runs this command? The user of this machine, as the book names him."""

import os
from getpass import getuser


def who() -> str:
    """`cli:` and the name; his number where he has no name, as in some containers."""
    try:
        return f"cli:{getuser()}"
    except (KeyError, OSError):
        return f"cli:uid-{os.getuid()}"
