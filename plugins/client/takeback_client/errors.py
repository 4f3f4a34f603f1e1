"""What can go wrong?

Problem
├── NotAllowed   the key or the signature is missing, wrong or old; nothing was stored, and trying again cannot help
└── NotSent      no answer, or none that is of use, for as long as we were to wait
"""

from collections.abc import Sequence

from takeback_client.answers import Event, Sent


class Problem(Exception):
    """Events did not arrive. `left` are those that are not known to be stored: they can be sent again with the ids that
    they now have. `sent` is what became of those before them.
    """

    def __init__(self, says: str, left: Sequence[Event] = ()) -> None:
        super().__init__(says)
        self.left = tuple(left)
        self.sent = Sent()


class NotAllowed(Problem):
    """Takeback does not know this key or signature, or it is no longer good."""


class NotSent(Problem):
    """Takeback could not be reached, or did not take the events."""
