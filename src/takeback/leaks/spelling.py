"""In which spellings is a password looked up? As typed, and as Unicode's compatibility form (NFKC) has it.

A Japanese keyboard may give full-width letters, which many services take for plain ones. Letters stay as large or small
as they were typed: a leaked `Password1` says nothing of `pASSWORD1`.
"""

import unicodedata
from hashlib import sha1

PREFIX = 5  # hexadecimal digits by which hashes are kept in ranges


def spellings(password: str) -> tuple[str, ...]:
    """The spellings, each once."""
    return tuple(dict.fromkeys((password, unicodedata.normalize("NFKC", password))))


def hashes(password: str) -> tuple[str, ...]:
    """SHA-1 of each spelling, 40 hexadecimal digits, upper case: the form of every list of leaked passwords."""
    texts = (text.encode("utf-8", "surrogatepass") for text in spellings(password))
    return tuple(sha1(text, usedforsecurity=False).hexdigest().upper() for text in texts)


def has_suffix(lines: bytes, suffix: str) -> bool:
    """True when a range (lines of `SUFFIX:COUNT`) has this suffix, and not as padding, whose count is 0."""
    wanted = suffix.encode()
    for line in lines.upper().splitlines():
        found, _, count = line.strip().partition(b":")
        if found == wanted:
            return count.strip() != b"0"
    return False
