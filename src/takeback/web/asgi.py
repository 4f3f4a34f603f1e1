"""What does the server start? `granian --interface asgi takeback.web.asgi:application`: events by the door, all else by
Django in threads.
"""

from takeback.web.door.arriving import Receive, Scope, Send
from takeback.web.door.pages import Pages
from takeback.web.door.taking import take
from takeback.web.wsgi import application as django

EVENTS = "/v1/events"
_pages = Pages(django)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "http":
        await (take if scope["path"] == EVENTS else _pages)(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _live(receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Say that we are there, and at the end that all is written: whoever was answered has had it stored before."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
