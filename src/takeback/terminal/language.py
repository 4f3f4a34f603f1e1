"""Which language does this person read?"""

import os


def chosen(asked: str | None) -> str:
    """What was asked for, else what the environment says (POSIX: LC_ALL before LC_MESSAGES before LANG), else
    English.
    """
    if asked:
        return asked
    found = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "ja" if found.lower().startswith("ja") else "en"
