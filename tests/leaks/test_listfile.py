"""Is every line of a list found, and is a list that cannot be used refused before it silently knows nothing?"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.errors import OutsideError, SettingsError
from takeback.leaks.listfile import HashList, PlainList, open_list
from tests.leaks.lists import hashed, plain, sha1


@settings(max_examples=40, deadline=None)
@given(
    numbers=st.sets(st.integers(0, 10**6), min_size=1, max_size=60),
    ends=st.sampled_from(["{}\n", "{}\r\n", "{}:1\n", "{}:123456789\r\n"]),
    cut=st.booleans(),
)
def test_every_line_of_a_list_of_hashes_is_found_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, numbers: set[int], ends: str, cut: bool
) -> None:
    path = hashed(tmp_path_factory.mktemp("list") / "list", map(str, numbers), line=ends)
    if cut:  # the last line without its end
        path.write_bytes(path.read_bytes().rstrip())
    found = open_list(path)
    assert isinstance(found, HashList)
    assert all(found.is_leaked(str(number)) for number in numbers)
    assert not any(found.is_leaked(f"x{number}") for number in numbers)
    found.close()


def test_a_list_of_hashes_is_not_loaded(tmp_path: Path) -> None:
    path = hashed(tmp_path / "list", [str(number) for number in range(20_000)])
    found = open_list(path)
    with path.open("r+b") as file:  # lines of before and after stay; what is read is the disk, at the question
        body = file.read()
        place = body.index(sha1("777").encode())
        file.seek(place)
        file.write(body[place : place + 39] + b"F")
    assert found.is_leaked("776")
    assert not found.is_leaked("777")
    found.close()


def test_a_list_of_hashes_that_is_not_in_order_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("".join(f"{one}\n" for one in sorted((sha1(str(n)) for n in range(200)), reverse=True)))
    with pytest.raises(SettingsError, match="not in order"):
        open_list(path)


def test_a_list_that_turns_into_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text(f"{sha1('a')}\n" + "not a hash at all\n" * 50)
    with pytest.raises(SettingsError, match="not HASH"):
        open_list(path)


def test_a_list_that_is_damaged_later_says_that_it_cannot_say(tmp_path: Path) -> None:
    path = hashed(tmp_path / "list", [str(number) for number in range(200)])
    found = open_list(path)
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(OutsideError):
        found.is_leaked("1")
    found.close()


@pytest.mark.parametrize(
    ("body", "why"), [(b"", "empty"), (b"\x1f\x8b\x08packed", "packed"), (b"PK\x03\x04packed", "packed")]
)
def test_what_is_no_list_is_refused(tmp_path: Path, body: bytes, why: str) -> None:
    path = tmp_path / "list"
    path.write_bytes(body)
    with pytest.raises(SettingsError, match=why):
        open_list(path)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        open_list(tmp_path / "nowhere")


def test_a_plain_list_keeps_no_password(tmp_path: Path) -> None:
    found = open_list(plain(tmp_path / "list", ["the leaked sentence", "other"]))
    assert isinstance(found, PlainList)
    assert found.is_leaked("the leaked sentence")
    assert "leaked sentence" not in str(vars(found))
