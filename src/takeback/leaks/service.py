"""Does the range service of Pwned Passwords know this password? Asked by the first five hexadecimal digits of its SHA-1
alone.

That is k-anonymity: some hundreds of known passwords share a prefix, and the service answers with all of them, padded
(`Add-Padding`), so that not even the length of its answer says which was asked. Nothing else leaves the machine.
"""

import time

import httpx

from takeback.core.errors import OutsideError
from takeback.leaks.spelling import PREFIX, has_suffix, hashes

TIMEOUT = 2.0  # seconds, in all: she waits for it
LARGEST_ANSWER = 1024 * 1024  # bytes


class RangeService:
    """Meets `casework.leaks.Leaks`. `address` is that of the ranges: `https://api.pwnedpasswords.com/range`."""

    name = "leaks.service"

    def __init__(self, address: str, timeout: float = TIMEOUT) -> None:
        self._address, self._timeout = address.rstrip("/"), timeout
        headers = {"add-padding": "true", "user-agent": "takeback", "accept-encoding": "identity"}
        self._http = httpx.Client(timeout=timeout, headers=headers)

    def is_leaked(self, password: str) -> bool:
        """True for a password that the service knows. `OutsideError` when it does not answer in time."""
        until = time.monotonic() + self._timeout
        return any(has_suffix(self._range(one[:PREFIX], until), one[PREFIX:]) for one in hashes(password))

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _range(self, prefix: str, until: float) -> bytes:
        # Errors of the client are not handed on: they name the address, and with it a part of the password's hash.
        try:
            with self._http.stream("GET", f"{self._address}/{prefix}") as answer:
                if answer.status_code != httpx.codes.OK:
                    raise OutsideError(f"the range service answered {answer.status_code}", permanent=False)
                parts, size = [], 0
                for part in answer.iter_bytes():
                    size += len(part)
                    parts.append(part)
                    if size > LARGEST_ANSWER or time.monotonic() > until:
                        raise OutsideError("the range service did not finish in time", permanent=False)
                return b"".join(parts)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            what = type(error).__name__
            raise OutsideError(f"the range service cannot be asked: {what}", permanent=False) from None
