"""Does the service that the how-to shows really work? It is read out of the page and run."""

import re
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from werkzeug.serving import make_server

from takeback.core.freeze import frozen_everywhere
from takeback.core.service import ActionRequest, Outcome
from takeback.shops.http import HttpService
from tests.architecture.tree import ROOT
from tests.conftest import SHOP_SECRET
from tests.shops.receiver import receiving

PAGE = (ROOT / "docs" / "howto" / "connect-a-shop.md").read_text(encoding="utf-8")


def program(containing: str) -> SimpleNamespace:
    """The page's Python that contains this, run."""
    (text,) = [block for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S) if containing in block]
    names: dict[str, object] = {}
    exec(compile(text, "connect-a-shop.md", "exec"), names)  # noqa: S102 - our own document
    return SimpleNamespace(**names)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpService]:
    """The page's service, served, and how Takeback reaches it."""
    monkeypatch.setenv("SHOP_TAKEBACK_SECRET", SHOP_SECRET)
    server = make_server("127.0.0.1", 0, program("Flask").app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    reached = HttpService("/shops/mine", f"http://127.0.0.1:{server.server_port}/takeback", SHOP_SECRET)
    yield reached
    reached.close()
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_service_of_the_howto_can_be_frozen_and_read_back(service: HttpService) -> None:
    assert service.account("nobody") is None
    for action in sorted(service.capabilities().actions - {"unfreeze"}):
        request = ActionRequest(f"a-{action}", "42", action, {})
        assert service.act(request).outcome is Outcome.DONE
        assert service.act(request).outcome is Outcome.ALREADY_DONE
    snapshot = service.account("42")
    assert frozen_everywhere([snapshot])
    assert snapshot is not None
    assert snapshot.password == "disabled"
    assert service.outcome("a-freeze").outcome is Outcome.DONE


def test_the_service_of_the_howto_says_what_it_cannot_do(service: HttpService) -> None:
    answer = service.act(ActionRequest("a1", "42", "mask_cards", {}))
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "action.unsupported")


def test_the_event_that_the_howto_sends_is_taken() -> None:
    page = program("def send")
    with receiving(SHOP_SECRET) as takeback:
        page.send(takeback.url, SHOP_SECRET, page.sign_in("42", "s-1", "d-1", "203.0.113.9"))
        assert [event["type"] for event in takeback.events] == ["account.signed_in"]
