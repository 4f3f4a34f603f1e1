"""What happens in the shop? Each module listens to one part of Oscar and writes events; `listen` connects them all."""

from takeback_oscar.recorder import account, deletions, mails, orders, public, signins


def listen() -> None:
    """Called once when the app is ready."""
    for part in (account, deletions, public, orders, signins, mails):
        part.listen()
