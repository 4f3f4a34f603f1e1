"""`takeback inbound`: mails that customers forward come in here, by SMTP or one on standard input, and are answered."""

import asyncio
import os
import sys

from takeback.configuration import load_configuration
from takeback.core.errors import SettingsError

TOO_LARGE, AGAIN = os.EX_DATAERR, os.EX_TEMPFAIL  # sysexits(3), which a mail server understands


def serve() -> int:
    """Listen until SIGTERM or SIGINT. `SettingsError` when a setting is missing, or the address cannot be had."""
    from takeback.bootstrap import build_answering, house
    from takeback.mail.inbound.listener import listen

    here = house()
    mail = here.configuration.mail
    answering = build_answering(here)

    def ready(host: str, port: int) -> None:
        sys.stdout.write(f"Listening on {host}:{port} for {mail.inbound_address}.\n")
        sys.stdout.flush()

    try:
        asyncio.run(
            listen(mail.inbound_host, mail.inbound_port, mail.inbound_address or "", answering.answer, ready=ready)
        )
    except OSError as error:
        where = f"{mail.inbound_host}:{mail.inbound_port}"
        raise SettingsError(f"mail.inbound_port: {where} cannot be listened on: {error.strerror}.") from None
    finally:
        here.close()
    return 0


def take(sender: str | None) -> int:
    """Answer the mail on standard input. 0: done with; 75: hand it in again later; 65: larger than any mail.

    Whatever is wrong with ourselves is 75 too: the mail server keeps the mail until it has been put right.
    """
    from takeback.mail.inbound.listener import LARGEST

    try:
        load_configuration()
        raw = sys.stdin.buffer.read(LARGEST + 1)
        if len(raw) > LARGEST:
            sys.stderr.write(f"takeback: the mail is larger than {LARGEST // 1_000_000} MB\n")
            return TOO_LARGE
        return _answered(raw, sender)
    except Exception as error:  # a mail must not be lost by a fault of ours
        told = str(error) if isinstance(error, SettingsError) else type(error).__name__
        sys.stderr.write(f"takeback: {told}\n")
        return AGAIN


def _answered(raw: bytes, sender: str | None) -> int:
    from takeback.bootstrap import build_answering, house
    from takeback.mail.inbound.arrival import Arrival

    here = house()
    try:
        outcome = build_answering(here).answer(Arrival(raw, sender))
    finally:
        here.close()
    return AGAIN if outcome.again else 0
