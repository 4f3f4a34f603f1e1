"""What came in, and in whose name? The mail of a customer that carries a doubtful one, read no further than needed."""

import re
from dataclasses import dataclass
from email.utils import getaddresses
from functools import cached_property

from takeback.mail.authenticity.message import Message, read_message

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+"
_PLAIN = re.compile(
    rf"({_ATOM}(?:\.{_ATOM}){{0,20}})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.){{1,20}}[A-Za-z0-9-]{{2,63}})"
)
_LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, less the brackets
_MOST_RECIPIENTS = 200


@dataclass(frozen=True)
class Arrival:
    """A mail as it was handed in. `peer` is the address of whoever did, "" where nobody can say."""

    raw: bytes
    mail_from: str | None  # the envelope's sender; "" names nobody, as bounces do; None: not known
    peer: str = ""
    helo: str = ""

    @cached_property
    def message(self) -> Message:
        """The mail, cut into fields and body."""
        return read_message(self.raw)

    @cached_property
    def writer(self) -> str | None:
        """The address that the mail says it is from, where it says one, and every reader would read the same."""
        fields = self.message.values("from")
        return _only_address(fields[0]) if len(fields) == 1 else None

    def is_addressed_to(self, address: str) -> bool:
        """True when To or Cc names `address`."""
        fields = [*self.message.values("to"), *self.message.values("cc")]
        texts = [field.decode("ascii", "replace").replace("\n", " ").replace("\r", "") for field in fields]
        named = getaddresses(texts[:_MOST_RECIPIENTS])
        return any(found.lower() == address.lower() for _, found in named)

    def field(self, name: str) -> str:
        """The topmost field of this name in lower case, "" where there is none."""
        values = self.message.values(name)
        return values[0].decode("ascii", "replace").strip().lower() if values else ""


def plain_address(text: str) -> str | None:
    """`text` as a mail address that no program reads in two ways, its domain in lower case; None for any other."""
    found = _PLAIN.fullmatch(text) if len(text) <= _LONGEST_ADDRESS else None
    return f"{found[1]}@{found[2].lower()}" if found else None


def _only_address(field: bytes) -> str | None:
    """The one address of a From field: bare, or in angle brackets at the end. What has more to it is nobody's."""
    if len(field) > 1_000:
        return None
    text = re.sub(r"\r?\n(?=[ \t])", "", field.decode("ascii", "replace")).strip()
    bracketed = re.fullmatch(r'(?:"(?:[^"\\<>]|\\[^<>])*+"|[^"<>,;:()\\]*+)\s*+<([^<>\s]++)>', text)
    return plain_address(bracketed[1] if bracketed else text)
