"""What was really sent? Each mail of Oscar's dispatcher to a customer, with the id that the mail itself carries."""

import functools
from collections.abc import Callable, Sequence
from email.utils import make_msgid, parseaddr
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from oscar.core.loading import get_class

from takeback_oscar import outbox, shapes
from takeback_oscar.context import Actor
from takeback_oscar.outbox import EventType

RESET = "PASSWORD_RESET"


class Messages(dict[str, Any]):
    """Oscar's rendered messages, and what they are about."""

    template: str = ""
    order: str | None = None


class NamingConnection:
    """A mail connection that gives each mail its Message-ID before it goes, so that it can be written down."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def send_messages(self, mails: Sequence[EmailMessage]) -> int | None:
        for mail in mails:
            domain = parseaddr(mail.from_email)[1].rpartition("@")[2] or DNS_NAME.get_fqdn()
            mail.extra_headers.setdefault("Message-ID", make_msgid(domain=domain))
        sent: int | None = self.inner.send_messages(mails)
        return sent


def listen() -> None:
    dispatcher = get_class("communication.utils", "Dispatcher")
    if hasattr(dispatcher.send_user_email_messages, "takeback"):
        return
    dispatcher.get_messages = _remembering(dispatcher.get_messages)
    dispatcher.send_user_email_messages = _recording(dispatcher.send_user_email_messages)


def _remembering(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def get_messages(self: Any, event_code: str, extra_context: dict[str, Any] | None = None) -> Messages:
        order = (extra_context or {}).get("order")
        messages = Messages(original(self, event_code, extra_context))
        messages.template = event_code
        messages.order = None if order is None else str(order.number)
        return messages

    return get_messages


def _recording(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def send_user_email_messages(self: Any, user: Any, messages: Any, attachments: Any = None) -> Any:
        connection = self.mail_connection
        self.mail_connection = NamingConnection(connection or get_connection())
        try:
            mail = original(self, user, messages, attachments=attachments)
        finally:
            self.mail_connection = connection
        if mail is not None and user.pk is not None:
            _record(user, messages, mail)
        return mail

    send_user_email_messages.takeback = True  # type: ignore[attr-defined]
    return send_user_email_messages


def _record(user: Any, messages: Any, mail: EmailMessage) -> None:
    account, to = shapes.account_of(user), shapes.masked(mail.to[0])
    template = getattr(messages, "template", "")
    with transaction.atomic():
        if template == RESET:
            outbox.record(account, EventType.RESET_REQUESTED, channel="mail", to=to)
        outbox.record(
            account,
            EventType.MESSAGE_SENT,
            actor=Actor.SYSTEM,
            message_id=mail.extra_headers.get("Message-ID"),
            channel="mail",
            to=to,
            template=template.lower() or None,
            order=getattr(messages, "order", None),
        )
