"""What does Hanako do at Takeback? Reports, reads her mail, enters the codes and sets a new password, all over HTTP."""

import re
import time
from email.message import EmailMessage

import httpx

from takeback.core.errors import OutsideError
from takeback.demo.lives import EMAIL
from takeback.demo.mailbox import Mailbox, text_of

PAGE = re.compile(r"https?://\S+/case/\S+")
CODE = re.compile(r"\b([0-9]{4}) ?([0-9]{4})\b")


class Customer:
    """Hanako's telephone: a browser at Takeback, and her mailbox."""

    def __init__(self, takeback_url: str, mailbox: Mailbox) -> None:
        self._http = httpx.Client(
            base_url=takeback_url, timeout=20, trust_env=False, headers={"Accept": "application/json"}
        )
        self._mailbox = mailbox
        self.page = ""

    def report(self, text: str) -> float:
        """Report; the moment (monotonic seconds) at which it was sent off."""
        sent = time.monotonic()
        self._done(self._http.post("/v1/reports", json={"account": EMAIL, "text": text, "language": "ja"}))
        return sent

    def read_frozen_mail(self, after: int) -> EmailMessage:
        """The mail that says that the account is stopped; it brings the address of her case page."""
        _, mail = self._mailbox.wait_for(EMAIL, "/case/", after=after)
        found = PAGE.search(text_of(mail))
        self.page = found[0] if found else ""
        return mail

    def prove(self) -> None:
        """Ask for a code, read it in the mailbox of before the takeover, enter it."""
        before = len(self._mailbox.to(EMAIL))
        self._done(self._http.post(f"{self.page}/code"))
        _, mail = self._mailbox.wait_for(EMAIL, CODE.pattern, after=before)
        found = CODE.search(text_of(mail))
        self._done(self._http.post(f"{self.page}/proof", data={"code": "".join(found.groups()) if found else ""}))

    def set_password(self, password: str) -> str:
        """Set a new password; what stood against it, empty when nothing did."""
        answer = self._http.post(f"{self.page}/password", data={"password": password})
        return "" if answer.is_success else " ".join(answer.json().get("refusals", [str(answer.status_code)]))

    def wait_for_mail(self, containing: str, *, after: int) -> tuple[float, EmailMessage]:
        """The first mail after `after` others whose text has `containing`."""
        return self._mailbox.wait_for(EMAIL, containing, after=after)

    def mails(self) -> int:
        """How many mails are in her mailbox."""
        return len(self._mailbox.to(EMAIL))

    def status(self) -> dict[str, object]:
        """Her case page, as data."""
        told: dict[str, object] = self._done(self._http.get(self.page)).json()
        return told

    def close(self) -> None:
        """Put the telephone away."""
        self._http.close()

    def _done(self, answer: httpx.Response) -> httpx.Response:
        if not answer.is_success:
            raise OutsideError(f"{answer.request.url.path.split('/')[1]} answered {answer.status_code}", permanent=True)
        return answer
