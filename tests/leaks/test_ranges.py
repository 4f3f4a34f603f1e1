"""Is a folder of ranges read as it was downloaded?"""

from pathlib import Path

import pytest

from takeback.core.errors import OutsideError, SettingsError
from takeback.leaks.ranges import RangeFolder
from tests.leaks.lists import folder, sha1


@pytest.mark.parametrize("name", ["{}", "{}.txt"])
def test_files_with_and_without_an_ending_are_read(tmp_path: Path, name: str) -> None:
    assert RangeFolder(folder(tmp_path / "ranges", ["leaked one"], name=name)).is_leaked("leaked one")


def test_a_missing_range_says_that_it_cannot_say_and_names_no_hash(tmp_path: Path) -> None:
    with pytest.raises(OutsideError) as caught:
        RangeFolder(folder(tmp_path / "ranges", ["leaked one"])).is_leaked("another")
    assert sha1("another")[:5] not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_folder_that_holds_no_range_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(SettingsError, match="holds no file"):
        RangeFolder(tmp_path)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not a folder"):
        RangeFolder(tmp_path / "nowhere")
