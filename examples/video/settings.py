"""How is this service set up? Read once from the environment, checked, and never printed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from standardwebhooks import Webhook

SOURCE = "/services/video"


class SetupError(Exception):
    """The environment of the service is not complete."""


@dataclass(frozen=True)
class Settings:
    """`takeback_url` without `/v1/events`; an empty one means that events wait in the outbox."""

    data_dir: Path
    takeback_url: str = ""
    takeback_secret: str = field(default="", repr=False)
    demo_clock: bool = False

    @property
    def database(self) -> Path:
        return self.data_dir / "video.sqlite3"

    def webhook(self) -> Webhook:
        """The signer and verifier of both directions; the secret is `whsec_` and base64."""
        try:
            return Webhook(self.takeback_secret)
        except Exception as error:
            raise SetupError("VIDEO_TAKEBACK_SECRET must be a Standard Webhooks secret: whsec_ and base64.") from error


def from_environment() -> Settings:
    """Raises `SetupError` with one sentence when a variable is missing."""
    data_dir = os.environ.get("VIDEO_DATA_DIR")
    if not data_dir:
        raise SetupError("VIDEO_DATA_DIR is not set: say in which folder the service keeps its data.")
    return Settings(
        data_dir=Path(data_dir),
        takeback_url=os.environ.get("VIDEO_TAKEBACK_URL", "").rstrip("/"),
        takeback_secret=os.environ.get("VIDEO_TAKEBACK_SECRET", ""),
        demo_clock=os.environ.get("VIDEO_DEMO_CLOCK") == "1",
    )
