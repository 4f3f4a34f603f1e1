"""How long from the report page to "stopped" on the case page, and how heavy are the pages? Over real HTTP, as a
browser without a script asks: the door's form, the mail, the page that the mail names.
"""

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx

from benchmarks.row import Row
from benchmarks.town import Town, mail_of
from takeback.demo.customer import CODE, PAGE
from takeback.demo.mailbox import Mailbox, text_of
from takeback.demo.processes import Processes

CASES = 8
PARTS = re.compile(r'(?:href|src)="(/static/[^"]+)"')
STOPPED = "stopped, and checked"
WITHIN = 30.0  # seconds after which a benchmark gives up


def rows() -> Iterator[Row]:
    """The median time, and each page's weight with its style sheet and scripts."""
    times, weights = _measure()
    yield Row("report page to stopped on the case page", median(times), "s", "", None, 3.0)
    for name, weight in weights.items():
        yield Row(f"weight of {name}", weight / 1000, "kB", "", None, 100.0)


def _measure() -> tuple[list[float], dict[str, int]]:
    accounts = [str(200 + number) for number in range(CASES)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        processes = stack.enter_context(Processes(folder / "logs"))
        town = Town(folder)
        mailbox = stack.enter_context(Mailbox(town.smtp_port))
        town.open_up(processes, accounts)
        client = httpx.Client(base_url=town.takeback_url, trust_env=False, timeout=20, follow_redirects=True)
        browser = stack.enter_context(client)
        browser.headers["accept-language"] = "en"
        told = [_one(browser, mailbox, mail_of(account)) for account in accounts]
        return [seconds for seconds, _ in told], _weights(browser, mailbox, mail_of(accounts[-1]), told[-1][1])


def _one(browser: httpx.Client, mailbox: Mailbox, address: str) -> tuple[float, str]:
    """Report as this customer; the seconds until her page says that both services are stopped, and its address."""
    form = {"choice": "orders", "account": address, "text": "I did not buy this", "language": "en"}
    browser.get("/report").raise_for_status()
    begun = time.monotonic()
    browser.post("/report", data=form).raise_for_status()
    _, mail = mailbox.wait_for(address, PAGE.pattern, after=0)
    page = urlsplit(_found(PAGE, text_of(mail))[0]).path
    while browser.get(page).raise_for_status().text.count(STOPPED) < 2:
        if time.monotonic() - begun > WITHIN:
            raise TimeoutError(f"after {WITHIN} seconds the page still does not say that all is stopped")
    return time.monotonic() - begun, page


def _weights(browser: httpx.Client, mailbox: Mailbox, address: str, page: str) -> dict[str, int]:
    """Bytes as they travel, of a page and of all that it loads; those of a case with everything on them."""
    mails = len(mailbox.to(address))
    browser.post(f"{page}/code").raise_for_status()
    _, mail = mailbox.wait_for(address, CODE.pattern, after=mails)
    browser.post(f"{page}/proof", data={"code": "".join(_found(CODE, text_of(mail)).groups())}).raise_for_status()
    pages = {
        "the door": "/report",
        "the case page": page,
        "the cards": f"{page}/was-this-you?more=1",
        "the messages": f"{page}/messages",
        "the hand back": f"{page}/hand-back",
    }
    return {name: _weight(browser, path) for name, path in pages.items()}


def _weight(browser: httpx.Client, path: str) -> int:
    page = browser.get(path).raise_for_status()
    assert page.url.path == path.partition("?")[0], f"{path} led to another page"
    parts = [browser.get(part.replace("&amp;", "&")).raise_for_status() for part in set(PARTS.findall(page.text))]
    return sum(answer.num_bytes_downloaded for answer in (page, *parts))


def _found(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.search(text)
    assert found is not None, f"there is no {pattern.pattern!r} in the mail"
    return found
