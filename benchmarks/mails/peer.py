"""What does dkimpy alone do with a mail? It verifies every signature of it, and nothing else."""

from collections.abc import Mapping, Sequence

import dkim


class Peer:
    """dkimpy with keys from a zone `{"name TXT": [record]}`."""

    def __init__(self, zone: Mapping[str, Sequence[str]]) -> None:
        self._keys = {name.removesuffix(" TXT").encode(): records[0].encode() for name, records in zone.items()}

    def verify(self, raw: bytes) -> int:
        """How many of its signatures hold."""
        verifier = dkim.DKIM(raw, minkey=1024)
        many = sum(name.lower() == b"dkim-signature" for name, _ in verifier.headers)
        return sum(self._holds(verifier, place) for place in range(many))

    def _holds(self, verifier: dkim.DKIM, place: int) -> bool:
        try:
            return bool(verifier.verify(idx=place, dnsfunc=self._key))
        except dkim.DKIMException:
            return False

    def _key(self, name: bytes, timeout: int = 5) -> bytes | None:  # noqa: ARG002 - as dkimpy asks
        return self._keys.get(name.rstrip(b"."))
