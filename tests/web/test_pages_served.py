"""Do pages come through ASGI as Django makes them, whatever somebody sends?"""

import pytest
from django.http import HttpRequest

from takeback.web.door import pages
from takeback.web.door.pages import environment
from takeback.web.limits import client_of
from tests.web.over_asgi import ask

pytestmark = pytest.mark.usefixtures("house")


def test_a_page_is_django_s_own_with_its_headers() -> None:
    answer = ask("GET", "/report")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert b"</html>" in answer.content


def test_a_form_arrives_whole_in_however_many_parts_it_comes() -> None:
    headers = {"content-type": "text/plain"}
    assert ask("POST", "/v1/check-mail", b"x", headers).status_code == 401
    assert ask("POST", "/v1/check-mail", [b"x"] * 3, headers).status_code == 401


def test_a_body_that_no_page_takes_is_refused_before_a_thread_has_it() -> None:
    answer = ask("POST", "/report", b"", {"content-length": str(pages.LARGEST_FORM + 1)})
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")
    answer = ask("POST", "/report", [b"x" * pages.LARGEST_FORM, b"x"], {"transfer-encoding": "chunked"})
    assert answer.status_code == 413


def test_a_request_is_told_to_django_as_pep_3333_says() -> None:
    scope = {
        "method": "GET",
        "path": "/ä",
        "query_string": b"a=%20",
        "client": ("127.0.0.1", 1),
        "headers": [
            *((b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"host", b"localhost")),
            *((b"x-forwarded-for", b"198.51.100.7"), (b"x_forwarded_for", b"203.0.113.1")),
        ],
    }
    told = environment(scope, b"body")
    assert told["PATH_INFO"].encode("latin-1").decode() == "/ä"
    assert (told["HTTP_COOKIE"], told["CONTENT_LENGTH"]) == ("a=1; b=2", "4")
    request = HttpRequest()
    request.META = told
    assert client_of(request) == "198.51.100.7"  # a name with an underscore is not the proxy's


def test_when_no_thread_is_near_free_people_are_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_WAITING", -pages.THREADS)
    answer = ask("GET", "/report")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
