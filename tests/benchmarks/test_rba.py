"""The importer of the public data set: what it takes a row for, what it leaves out, and what it counts.

The real file is not here; a small one of the same columns is written for the tests.
"""

import csv
import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.rba.__main__ import main
from benchmarks.rba.curve import points
from benchmarks.rba.rows import COLUMNS, UNKNOWN_USER, BadFile, event, rows, sign_in
from benchmarks.rba.scoring import Scores
from takeback.core.events import EventType

START = datetime(2020, 2, 3, 12, tzinfo=UTC)
SAMPLE = Path(
    os.environ.get("RBA_SAMPLE", Path(__file__).resolve().parents[3] / "shared" / "data" / "rba-format-sample")
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/80.0.3987 Safari/537.36",
    "Chrome 80.0.3987.162",
    "Windows 10",
    "desktop",
)
FOREIGN = (
    "Mozilla/5.0 (Linux; Android 4.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/46.0.2490.76 Mobile Safari/537.36",
    "Chrome Mobile 46.0.2490",
    "Android 4.1",
    "mobile",
)
USERS = 12


def cells(
    day: float,
    user: str,
    ip: str,
    asn: str = "29695",
    country: str = "NO",
    agent: Sequence[str] = CHROME,
    *,
    successful: bool = True,
    takeover: bool = False,
) -> list[str]:
    at = (START + timedelta(days=day)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return [at, user, "", ip, country, "-", "-", asn, *agent, str(successful), str(takeover), str(takeover)]


def life() -> Iterator[list[str]]:
    """Twelve users who sign in forty times from home; two of them are taken over on the fifty-first day."""
    for day in range(40):
        for number in range(USERS):
            yield cells(day + number / 100, str(1000 + number), f"81.0.{number}.7")
        yield cells(day + 0.5, UNKNOWN_USER, "170.39.78.152", "393398", "US", FOREIGN, successful=False)
    for user in ("1000", "1001"):
        yield cells(50, user, "170.39.78.77", "393398", "US", FOREIGN, successful=False)
        yield cells(50.01, user, "170.39.78.77", "393398", "US", FOREIGN, takeover=True)


def written(folder: Path, of: Iterator[list[str]] | list[list[str]]) -> Path:
    path = folder / "rba.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["index", *COLUMNS])
        out.writerows([str(number), *row] for number, row in enumerate(of))
    return path


def read(*of: list[str]) -> Iterator[str]:
    """The lines of a file with these rows, without the index column."""
    yield ",".join(COLUMNS) + "\n"
    for row in of:
        yield ",".join(f'"{cell}"' for cell in row) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, life())


def test_the_user_that_stands_for_all_unknown_names_is_left_out() -> None:
    found = [*rows(read(cells(0, UNKNOWN_USER, "81.0.0.1"), cells(1, "5", "81.0.0.1")))]
    assert [one.user for one in found] == ["5"]


def test_made_up_networks_and_addresses_are_told_as_unknown() -> None:
    real, network, address, last_real = rows(
        read(
            cells(0, "5", "109.0.0.1", "29695"),
            cells(0, "5", "81.0.0.1", "500000"),
            cells(0, "5", "10.0.65.171", "29695"),
            cells(0, "5", "81.0.0.1", "499999"),
        )
    )
    assert (real.ip, real.asn) == ("109.0.0.1", 29695)
    assert (network.ip, network.asn) == ("81.0.0.1", None)
    assert (address.ip, address.asn) == (None, 29695)
    assert last_real.asn == 499999


def test_a_dash_and_an_empty_cell_are_nothing() -> None:
    row = cells(0, "5", "81.0.0.1")
    row[COLUMNS.index("City")] = "Oslo"
    (found,) = rows(read(row))
    assert (found.region, found.city, found.round_trip) == (None, "Oslo", None)


def test_a_round_trip_is_read_where_there_is_one() -> None:
    row = cells(0, "5", "81.0.0.1")
    row[COLUMNS.index("Round-Trip Time [ms]")] = "1123.0"
    assert next(rows(read(row))).round_trip == 1123.0


def test_a_row_becomes_an_event_of_the_contract_and_nothing_is_added_to_it() -> None:
    tried, entered = map(
        event, rows(read(cells(0, "5", "81.0.0.1", successful=False), cells(0.5, "5", "10.0.0.1", "500001")))
    )
    assert (tried.type, entered.type) == (EventType.SIGN_IN_FAILED, EventType.SIGNED_IN)
    assert (tried.account, tried.time) == ("5", START)
    assert entered.time == START + timedelta(hours=12)
    client = entered.data.client
    assert (client.ip, client.asn, client.country, client.user_agent) == (None, None, "NO", CHROME[0])
    assert (client.session, client.device) == (None, None)


def test_a_browser_backs_off_to_its_family_by_the_columns_of_the_data_set() -> None:
    (found,) = rows(read(cells(0, "5", "81.0.0.1", agent=FOREIGN)))
    assert sign_in(found).features[1] == (FOREIGN[0], FOREIGN[1], "Chrome Mobile", "Android 4.1 mobile")


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("Login Successful", "perhaps", "line 2: Login Successful is 'perhaps', neither True nor False"),
        ("ASN", "AS1", "line 2: ASN is 'AS1', which is no number"),
        ("Login Timestamp", "yesterday", "line 2: 'yesterday' is no time"),
    ],
)
def test_a_bad_value_is_named_with_its_line(column: str, value: str, sentence: str) -> None:
    row = cells(0, "5", "81.0.0.1")
    row[COLUMNS.index(column)] = value
    with pytest.raises(BadFile, match=sentence.replace("(", r"\(")):
        [event(one) for one in rows(read(row))]


def test_a_row_that_was_cut_off_is_named_with_its_line() -> None:
    with pytest.raises(BadFile, match="line 3: 9 columns where 15 are named"):
        [*rows(read(cells(0, "5", "81.0.0.1"), cells(0, "5", "81.0.0.1")[:9]))]


def test_a_file_of_other_columns_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["--file", str(other)]) == 2
    assert "there is no column 'Login Timestamp'" in capsys.readouterr().err


@pytest.mark.parametrize("given", [[], ["--file", "/nowhere/rba.csv"]])
def test_without_the_file_it_says_so_and_prints_no_figure(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(given) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "is not part of this project" in told.err


def test_without_a_takeover_there_is_no_rate_to_print(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calm = written(tmp_path, [row for row in life() if row[-1] == "False"])
    assert main(["--file", str(calm), "--one-in", "1"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{USERS} users hold no account takeover" in told.err


def test_the_models_are_printed_at_five_twelve_and_thirty_nine_sign_ins(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--file", str(file), "--one-in", "1", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(one["model"], one["sign_ins"]) for one in found} == {
        (model, many) for model in ("Freeman, papers' S", "Freeman, ratio alone", "ours") for many in (5, 12, 39)
    }
    assert {one["users"] for one in found} == {USERS}
    top = {(one["model"], one["sign_ins"]): one["rate"] for one in found if one["tpr"] == 1.0}
    assert top == dict.fromkeys(top, 0.0)  # nobody at home is asked once more, and both intruders are


def test_the_table_says_how_many_rows_users_and_takeovers_there_were(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--file", str(file), "--one-in", "1"]) == 0
    assert f"{40 * USERS + 4} rows of {USERS} users, 2 takeovers" in capsys.readouterr().out


def test_users_taken_over_are_measured_however_small_the_sample(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", str(file), "--one-in", "1000000", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["users"] for one in found} == {2}


def test_re_authentication_is_counted_among_the_first_sign_ins_of_those_who_have_so_many() -> None:
    scores = Scores(
        attacks=[3.0, 5.0],
        owners={"a": [9.0] + [0.0] * 11, "b": [9.0, 4.0, 4.0, 0.0, 0.0], "c": [0.0] * 5, "d": [9.0] * 4},
    )
    found = {(one.tpr, one.sign_ins): one for one in points("m", scores)}
    assert found[(1.0, 5)].threshold == 3.0
    assert (found[(1.0, 5)].number, found[(1.0, 5)].rate, found[(1.0, 5)].users) == (1.0, 0.2, 3)
    assert (found[(0.5, 5)].number, found[(0.5, 12)].number) == (1.0, 1.0)
    assert found[(1.0, 12)].rate == pytest.approx(1 / 12)
    assert (found[(1.0, 39)].number, found[(1.0, 39)].rate) == (None, None)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample of the public data set is not here (RBA_SAMPLE)")
def test_the_first_rows_of_the_real_file_are_read_as_they_are() -> None:
    (path,) = SAMPLE.glob("*.csv") if SAMPLE.is_dir() else [SAMPLE]
    with path.open(encoding="utf-8", newline="") as file:
        found = [*rows(file)]
    assert len(found) == 11  # of 19: the other 8 are the user that stands for all unknown names
    assert [one.ip for one in found if one.ip is None] == [None] * 2
    assert [one.round_trip for one in found if one.round_trip] == [1123.0]
    assert not any(one.takeover for one in found)
    assert {event(one).type for one in found} == {EventType.SIGNED_IN, EventType.SIGN_IN_FAILED}
