"""Is a wrong setting said in one sentence, and is a stranger's header believed? No shop needs to run for these."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from takeback_oscar.client import address
from takeback_oscar.conf import parse

GIVEN = {"URL": "https://takeback.example/", "SECRET": "whsec_AAAA", "SOURCE": "/shops/x"}


def request(remote: str, forwarded: str = "") -> HttpRequest:
    made = HttpRequest()
    made.META = {"REMOTE_ADDR": remote}
    if forwarded:
        made.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return made


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRT": "x"}, "TAKEBACK has the unknown key 'SECRT'."),
        ({"SOURCE": None}, "TAKEBACK['SOURCE'] is missing."),
        ({"NAME_ORDER": "any"}, "TAKEBACK['NAME_ORDER'] is 'given family' or 'family given'."),
        (
            {"TRUSTED_PROXIES": ["proxy"]},
            "TAKEBACK['TRUSTED_PROXIES'] has 'proxy', which is not an address or network.",
        ),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        parse({**GIVEN, **change})
    assert str(raised.value) == sentence


def test_three_keys_are_enough() -> None:
    assert parse(GIVEN).url == "https://takeback.example"


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_where_a_request_comes_from(remote: str, forwarded: str, expected: str) -> None:
    assert address(request(remote, forwarded), parse({**GIVEN, "TRUSTED_PROXIES": ["10.0.0.0/8"]})) == expected
