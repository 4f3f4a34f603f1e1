"""What leaves the machine when the range service is asked, and what if it does not answer?"""

import time
from collections.abc import Iterator

import pytest

from takeback.core.errors import OutsideError
from takeback.leaks.service import RangeService
from tests.leaks.lists import sha1
from tests.leaks.ranges_server import Ranges, ranges

LEAKED = "Passwordpassword"


@pytest.fixture
def server() -> Iterator[Ranges]:
    """The range service, on this machine."""
    with ranges(LEAKED) as running:
        yield running


def test_five_digits_of_the_hash_leave_and_nothing_else(server: Ranges) -> None:
    service = RangeService(server.address)
    service.is_leaked(LEAKED)
    ((path, headers),) = server.asked
    assert path == f"/range/{sha1(LEAKED)[:5]}"
    assert headers["add-padding"] == "true"
    assert not {"authorization", "cookie", "referer"} & set(headers)
    assert sha1(LEAKED)[5:] not in str(server.asked)
    service.close()


def test_what_only_pads_the_answer_is_not_leaked(server: Ranges) -> None:
    server.padding.append(sha1("a completely new sentence"))
    service = RangeService(server.address)
    assert not service.is_leaked("a completely new sentence")
    service.close()


@pytest.mark.parametrize("trouble", ["slow", "drip", "status"])
def test_a_service_that_does_not_answer_says_so_in_time_and_names_no_hash(server: Ranges, trouble: str) -> None:
    setattr(server, trouble, 503 if trouble == "status" else True)
    service, begun = RangeService(server.address, timeout=0.5), time.monotonic()
    with pytest.raises(OutsideError) as caught:
        service.is_leaked(LEAKED)
    assert time.monotonic() - begun < 2.0
    assert sha1(LEAKED)[:5] not in f"{caught.value!r} {caught.value.__cause__!r}"
    service.close()


def test_nobody_listening_is_an_outside_error() -> None:
    service = RangeService("http://127.0.0.1:9/range", timeout=0.5)
    with pytest.raises(OutsideError):
        service.is_leaked(LEAKED)
    service.close()
