"""Who comes to the door? Browsers at their own addresses, and what each can do there over HTTP alone."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client

from takeback.casework.callback import CALL
from takeback.casework.page import token_now
from takeback.casework.ports import Letter, Task
from takeback.core.case import Case
from tests.casework.conftest import Town, code_in
from tests.casework.life import ACCOUNT, HIS

ALARM = "買っていない商品が勝手に購入されている"
HER_PLACE, HIS_PLACE = "203.0.113.20", "198.51.100.7"
WRONG = "12345678"
NOTHING_KNOWN = ("42-90", "5,980", "佐藤花子", HIS, "注文番号")


def browser(at: str = HIS_PLACE) -> Client:
    """A browser that was never here before."""
    return Client(enforce_csrf_checks=True, SERVER_NAME="localhost", REMOTE_ADDR=at)


def at_the_door(who: Client, named: str, text: str = ALARM, **fields: str) -> str:
    """Fill in the door's form; the address of the conversation."""
    answer = who.post("/report", {"choice": "orders", "account": named, "text": text} | fields)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer.headers["Location"]).partition("#")[0]


def report(who: Client, named: str, **fields: str) -> HttpResponse:
    """Hand a report in as a shop's own page does."""
    body = json.dumps({"account": named, "text": ALARM} | fields)
    return who.post("/v1/reports", body, content_type="application/json")


def page_of(town: Town, case: Case | None = None) -> str:
    """The address of the case's page, as the owner's mails bring it."""
    found = case or town.case
    assert found is not None
    return f"/case/{token_now(town.house, town.house.cases.case(found.id) or found)}"


def codes(town: Town, to: str | None = None) -> list[Letter]:
    """The letters that brought codes, oldest first."""
    return [letter for letter in town.postbox.named("code") if to in (None, letter.to)]


def read_code(town: Town) -> str:
    """The code in the mail that came last."""
    return code_in(codes(town)[-1])


def ask_and_prove(town: Town, who: Client, page: str) -> HttpResponse:
    """Ask for a code on the case's page, read it in the mailbox and return it."""
    before = len(codes(town))
    town.clock.turn(timedelta(seconds=10))  # two presses within five seconds are one
    assert who.post(f"{page}/code").status_code == 303
    town.run()
    assert len(codes(town)) > before
    answer = who.post(f"{page}/proof", {"code": read_code(town)})
    town.run()
    return answer


def calls(town: Town) -> list[Task]:
    """Every call that staff were asked for, for this account."""
    cases = town.house.cases.of_account(ACCOUNT)
    return [task for case in cases for task in town.house.cases.tasks(case.id) if task.what == CALL]


def is_proven(who: Client, page: str) -> bool:
    """True when this browser is shown what only the owner may see; False when it is shown nothing of that."""
    text = who.get(page).content.decode()
    data = who.get(page, headers={"accept": "application/json"}).json()
    assert ("plan" in data) is any(secret in text for secret in NOTHING_KNOWN)
    return "plan" in data


def told(answers: Sequence[HttpResponse], hide: Sequence[str] = ()) -> list[tuple[int, bytes, dict[str, str]]]:
    """All that answers say, with secrets of their addresses hidden."""

    def plain(text: str) -> str:
        for secret in hide:
            text = text.replace(secret, "SECRET")
        return re.sub(r"/talk/[\w-]{43}", "/talk/SECRET", text)

    all_said = []
    for one in answers:
        content = plain(one.content.decode()).encode()
        headers = {name: plain(value) for name, value in one.headers.items()}
        if headers.get("Content-Length") == str(len(one.content)):  # of what is said, without the secrets in it
            headers["Content-Length"] = str(len(content))
        all_said.append((one.status_code, content, headers))
    return all_said
