"""Sends a service's events to Takeback: `Sender` is all that is needed."""

from takeback_client.answers import Refused, Sent
from takeback_client.errors import NotAllowed, NotSent, Problem
from takeback_client.sender import Sender

__all__ = ["NotAllowed", "NotSent", "Problem", "Refused", "Sender", "Sent"]
