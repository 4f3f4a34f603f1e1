"""What would the DNS say, if it were this zone? For work without a network, and for mail whose keys have since gone.

A zone is `{"name type": ["record", ...]}`, such as `{"s1._domainkey.example.jp TXT": ["v=DKIM1; p=..."]}`. What is not
in it does not exist. As in the DNS, a name exists where something under it does.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from takeback.core.errors import InputError
from takeback.mail.dns.port import EMPTY, NO_NAME, Answer, AnswerState, plain, sendable

KINDS = frozenset({"A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "TXT"})
LONGEST_CHAIN = 8  # CNAMEs that are followed

_STRINGS = re.compile(r'"((?:[^"\\]|\\.)*+)"\s*+')


class ZoneResolver:
    """A resolver that knows this zone and nothing else."""

    def __init__(self, records: Mapping[str, Sequence[str]]) -> None:
        """Take `{"name type": [record, ...]}`; raises `InputError` naming the first key that is not of this form."""
        self._records: dict[tuple[str, str], tuple[str, ...]] = {}
        self._names: set[str] = set()
        for key, values in records.items():
            name, kind = _question(key)
            held = tuple(_record(kind, value) for value in values)
            self._records[name, kind] = self._records.get((name, kind), ()) + held
            self._exists(name)

    def _exists(self, name: str) -> None:
        labels = name.split(".")
        self._names.update(".".join(labels[start:]) for start in range(len(labels)))

    def ask(self, name: str, kind: str) -> Answer:
        """What the zone holds; `secure` is always None, since nobody signed it."""
        name, kind = plain(name), kind.upper()
        for _ in range(LONGEST_CHAIN):
            found = self._records.get((name, kind))
            if found:
                return Answer(found, AnswerState.FOUND)
            if name not in self._names:
                return NO_NAME
            alias = self._records.get((name, "CNAME"))
            if not alias or kind == "CNAME":
                return EMPTY
            name = plain(alias[0])
        return EMPTY


def read_zone(path: Path) -> ZoneResolver:
    """The zone in this file. `InputError` with one sentence where it cannot be read or is not of the form above."""
    try:
        held = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputError("is not JSON", file=str(path)) from None
    if not isinstance(held, dict):
        raise InputError('must be one object, such as {"example.jp TXT": ["v=spf1 -all"]}', file=str(path))
    for key, values in held.items():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise InputError("must be a list of texts", file=str(path), field=_short(key))
    try:
        return ZoneResolver(held)
    except InputError as error:
        raise error.at(file=str(path)) from None


def _question(key: str) -> tuple[str, str]:
    name, _, kind = key.strip().rpartition(" ")
    name, kind = plain(name), kind.upper()
    if not name or kind not in KINDS:
        raise InputError(
            f'must be a name and a type, such as "example.jp TXT" (types: {", ".join(sorted(KINDS))})',
            field=_short(key),
        )
    if not sendable(name):
        raise InputError("is not a name that the DNS can hold", field=_short(key))
    return name, kind


def _record(kind: str, value: str) -> str:
    """One record. A TXT that is copied from a zone file stands in quotes, perhaps in pieces: these are joined."""
    if kind != "TXT":
        return value.strip().rstrip(".")
    text = value.strip()
    pieces = _STRINGS.findall(text)
    if pieces and _STRINGS.sub("", text) == "":
        return re.sub(r"\\(.)", r"\1", "".join(pieces))
    return value


def _short(key: str) -> str:
    return key if len(key) <= 80 else key[:77] + "..."
