"""Where do the demo's mails go? To a local SMTP sink: every customer's mailbox at once, nothing leaves this machine."""

import re
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from takeback.core.errors import OutsideError


@dataclass
class Mailbox:
    """All mail that was sent during the demo, with the time (monotonic seconds) at which it came in."""

    port: int
    folder: Path | None = None  # where each is also written to, as it came
    mails: list[tuple[float, EmailMessage]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's names
        """Take one mail; the same Message-ID again is the same mail, as in any mailbox."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = message_from_bytes(raw, policy=policy.default)
        known = mail["Message-ID"] and any(other["Message-ID"] == mail["Message-ID"] for _, other in self.mails)
        if not known:
            self.mails.append((time.monotonic(), mail))
            if self.folder is not None:
                (self.folder / f"{len(self.mails):03}.eml").write_bytes(raw)
        return "250 OK"

    def to(self, address: str) -> list[tuple[float, EmailMessage]]:
        """The mails in one person's mailbox."""
        return [(at, mail) for at, mail in self.mails if address in str(mail["To"])]

    def wait_for(self, address: str, containing: str, *, after: int, within: float = 60) -> tuple[float, EmailMessage]:
        """The first mail to `address` from the `after`-th on whose text has `containing`."""
        begun = time.monotonic()
        while time.monotonic() - begun < within:
            for at, mail in self.to(address)[after:]:
                if re.search(containing, text_of(mail)):
                    return at, mail
            time.sleep(0.02)
        raise OutsideError(f"no mail with {containing!r} came to {address}", permanent=True)


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""
