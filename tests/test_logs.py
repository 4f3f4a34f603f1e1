"""Does a log say what an operator needs, and nothing of a person?"""

import json
import logging
import logging.config
import sys
from collections.abc import Iterator
from io import StringIO

import pytest

from takeback.logs import Json, Line, about, logging_of
from takeback.sections import LogForm, LogLevel, LogSettings

LOGGERS = ("takeback", "dbos", "httpx", "django")


@pytest.fixture
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What is logged under these settings, while the test runs; the logging of the other tests afterwards."""
    before = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level) for name in ("", *LOGGERS)}
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logging.config.dictConfig(logging_of(request.param, {}))
    yield stream
    for name, (handlers, level) in before.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).setLevel(level)


as_json = pytest.mark.parametrize("written", [LogSettings(LogForm.JSON, LogLevel.INFO)], indirect=True)
as_lines = pytest.mark.parametrize("written", [LogSettings(LogForm.LINE, LogLevel.WARNING)], indirect=True)
both = pytest.mark.parametrize(
    "written", [LogSettings(form, LogLevel.INFO) for form in LogForm], indirect=True, ids=lambda said: said.form.value
)


def fails(secret: str) -> None:
    raise ValueError(f"a customer's words: {secret}")


@as_json
def test_a_line_is_one_object_with_its_time_its_weight_and_what_it_is_about(written: StringIO) -> None:
    with about("c1", "freeze"):
        logging.getLogger("takeback.engine").info("a sentence\nof two lines")
    told = json.loads(written.getvalue())
    assert told.pop("time").endswith("Z")
    assert told == {
        "level": "info",
        "logger": "takeback.engine",
        "message": "a sentence of two lines",
        "case": "c1",
        "phase": "freeze",
    }
    assert written.getvalue().count("\n") == 1


@as_json
def test_after_a_phase_nothing_is_about_its_case(written: StringIO) -> None:
    with about("c1", "freeze"):
        pass
    logging.getLogger("takeback").info("later")
    assert {"case", "phase"} & set(json.loads(written.getvalue())) == set()


@both
def test_an_exception_is_told_by_its_type_and_place_and_never_by_what_it_says(written: StringIO) -> None:
    try:
        try:
            fails("1043 to Ginza")
        except ValueError as error:
            raise RuntimeError("hanako ordered a watch") from error
    except RuntimeError:
        logging.getLogger("takeback").exception("it failed")
    said = written.getvalue()
    assert "RuntimeError at test_logs.py:" in said
    assert "ValueError at test_logs.py:" in said
    assert "fails" in said
    assert not any(word in said for word in ("Ginza", "watch", "Traceback"))


@both
def test_what_a_database_repeats_of_its_values_is_cut_off(written: StringIO) -> None:
    said = (
        "(IntegrityError) duplicate key\nDETAIL:  Key (account)=(4711) exists\n[SQL: INSERT]\n[parameters: ('4711',)]"
    )
    logging.getLogger("dbos").error("it failed: %s", said)
    assert "duplicate key" in written.getvalue()
    assert "4711" not in written.getvalue()
    assert "SQL" not in written.getvalue()


@both
def test_a_mail_address_is_never_written_down(written: StringIO) -> None:
    logging.getLogger("takeback").warning("%s refused <hanako@example.jp>", "mail to c1@shop.example")
    assert "@" not in written.getvalue()
    assert "refused" in written.getvalue()


@as_json
def test_a_library_is_heard_from_warnings_on_because_it_names_accounts_below_them(written: StringIO) -> None:
    logging.getLogger("httpx").info("GET https://shop.example/accounts/4711")
    assert written.getvalue() == ""


@as_lines
def test_what_is_lighter_than_the_level_is_not_written(written: StringIO) -> None:
    logging.getLogger("takeback").info("quiet")
    logging.getLogger("takeback").warning("loud")
    assert written.getvalue().endswith("WARNING takeback: loud\n")
    assert "quiet" not in written.getvalue()


@pytest.mark.parametrize("form", [Json(), Line()], ids=["json", "line"])
def test_arguments_that_do_not_fit_their_sentence_lose_no_line(form: logging.Formatter) -> None:
    record = logging.LogRecord("takeback", logging.WARNING, __file__, 1, "one %s", ("a", "b"), None)
    assert "one %s" in form.format(record)
