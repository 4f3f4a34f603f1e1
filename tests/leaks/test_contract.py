"""What does every source of leaked passwords promise? The same tests for each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from takeback.casework.leaks import Leaks
from takeback.core.errors import OutsideError
from takeback.leaks.known import KnownWorst
from takeback.leaks.listfile import open_list
from takeback.leaks.ranges import RangeFolder
from takeback.leaks.service import RangeService
from tests.leaks.lists import folder, hashed, plain
from tests.leaks.ranges_server import ranges

LEAKED = ("Passwordpassword", "abc123abc123abc123", "ひみつひみつひみつ", "qwertyuiopasdfgh")
OTHERS = [f"some other leaked one {number}" for number in range(500)]
SAFE = ("a completely new sentence", "雨の日は本を読んで眠る", "")
Make = Callable[[Path], Leaks]

SOURCES: dict[str, Make] = {
    "the built-in list": lambda _: KnownWorst(),
    "a plain list": lambda path: open_list(plain(path / "list.txt", [*OTHERS, *LEAKED])),
    "a list of hashes": lambda path: open_list(hashed(path / "list.txt", [*OTHERS, *LEAKED])),
    "a list of hashes in small letters": lambda path: open_list(
        hashed(path / "list.txt", [*OTHERS, *LEAKED], line="{}\r\n", lower=True)
    ),
    "a folder of ranges": lambda path: RangeFolder(folder(path / "ranges", LEAKED)),
}


@pytest.fixture(params=[*SOURCES, "the range service"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Leaks]:
    """Each source in its turn."""
    if request.param == "the range service":
        with ranges(*LEAKED) as server:
            service = RangeService(server.address)
            yield service
            service.close()
        return
    found = SOURCES[request.param](tmp_path)
    yield found
    found.close()


def knows(source: Leaks, password: str) -> bool:
    """What it says; a folder that lacks a range cannot say."""
    try:
        return source.is_leaked(password)
    except OutsideError:
        assert isinstance(source, RangeFolder)
        return False


@pytest.mark.parametrize("password", LEAKED)
def test_a_leaked_password_is_known(source: Leaks, password: str) -> None:
    assert source.is_leaked(password)


@pytest.mark.parametrize("password", SAFE)
def test_one_that_is_not_on_the_list_is_not(source: Leaks, password: str) -> None:
    assert not knows(source, password)


def test_full_width_letters_are_looked_up_as_plain_ones_too(source: Leaks) -> None:
    assert source.is_leaked("ｑｗｅｒｔｙｕｉｏｐａｓｄｆｇｈ")


def test_what_cannot_be_written_as_utf_8_is_no_error(source: Leaks) -> None:
    assert not knows(source, "\ud800 half a character")


def test_each_has_a_name_for_the_log(source: Leaks) -> None:
    assert source.name.startswith("leaks.")


@pytest.mark.parametrize("name", [one for one in SOURCES if one != "the built-in list"])
def test_letters_stay_as_large_or_small_as_they_were_typed(name: str, tmp_path: Path) -> None:
    source = SOURCES[name](tmp_path)
    assert not knows(source, "PASSWORDPASSWORD")
    source.close()
