"""How does a letter leave? One connection to the shop's mail server, with time limits, once for each call."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from takeback.casework.ports import Letter
from takeback.core.errors import OutsideError

TIMEOUT = 10.0  # seconds, for each exchange with the mail server


class SmtpMailer:
    """Meets `casework.ports.Mailer`.

    `tls` is none, starttls or tls. `from_address` may carry a name: `The shop <a@shop.example>`.
    """

    def __init__(
        self, *, host: str, port: int, username: str | None, password: str | None, tls: str, from_address: str
    ) -> None:
        self._host, self._port = host, port
        self._username, self._password = username, password
        self._tls = tls
        self._from = from_address
        self._domain = parseaddr(from_address)[1].rpartition("@")[2] or "localhost"

    def send(self, letter: Letter) -> None:
        """Hand the letter over; a second call with the same id sends the same Message-ID. Raises `OutsideError`.

        `permanent` is True only where the server will never take this letter (a refused address, 5xx). A refused
        sign-in is not: the letter is good, and goes once the settings are.
        """
        message = self._message(letter)
        try:
            with self._connected() as server:
                # Of an answer the envelope names no sender: nothing answers it in turn, and no bounce comes back.
                server.send_message(message, from_addr="" if letter.answers is not None else None)
        except smtplib.SMTPAuthenticationError as error:
            raise OutsideError("the mail server refuses our sign-in", permanent=False) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise OutsideError("the mail server refuses the address", permanent=min(codes) >= 500) from error
        except smtplib.SMTPResponseException as error:
            raise OutsideError(
                f"the mail server answered {error.smtp_code}", permanent=500 <= error.smtp_code < 600
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise OutsideError("the mail server cannot be reached", permanent=False) from error

    def message_id(self, letter_id: str) -> str:
        """The Message-ID of a letter: the same for every sending."""
        return f"<{letter_id}@{self._domain}>"

    def _connected(self) -> smtplib.SMTP:
        if self._tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            if self._tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._username is not None and self._password is not None:
                server.login(self._username, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        try:
            message["From"] = self._from
            message["To"] = letter.to
            message["Subject"] = letter.subject
        except ValueError as error:  # a line break in an address: nothing that a mail server should ever see
            raise OutsideError("the address is not one", permanent=True) from error
        message["Message-ID"] = self.message_id(letter.id)
        message["Date"] = formatdate()
        # RFC 3834: no out-of-office answer comes back
        message["Auto-Submitted"] = "auto-generated" if letter.answers is None else "auto-replied"
        if letter.answers:
            message["In-Reply-To"] = message["References"] = letter.answers
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message
