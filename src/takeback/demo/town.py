"""What stands in the demo's town? A real shop, a video service, Takeback, and everybody's mailbox, each at an
address of its own.
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from takeback.demo.processes import Processes, free_port, python

SHOP_SOURCE, VIDEO_SOURCE = "/shops/oscar", "/services/video"
HOLD_SECONDS = 6  # five hours in life; the demo says so


def _secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True)
class Town:
    """Ports, folders and secrets. All made anew for each run."""

    root: Path  # the source tree
    folder: Path
    shop_port: int = field(default_factory=free_port)
    video_port: int = field(default_factory=free_port)
    takeback_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    shop_secret: str = field(default_factory=_secret, repr=False)
    video_secret: str = field(default_factory=_secret, repr=False)

    @property
    def shop_url(self) -> str:
        """The shop's pages."""
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def video_url(self) -> str:
        """The video service's pages."""
        return f"http://127.0.0.1:{self.video_port}"

    @property
    def takeback_url(self) -> str:
        """Takeback's web side."""
        return f"http://127.0.0.1:{self.takeback_port}"

    @property
    def shop_environment(self) -> dict[str, str]:
        """The settings of the shop."""
        return {
            "SHOP_DATA_DIR": str(self.folder / "shop"),
            "SHOP_TAKEBACK_URL": self.takeback_url,
            "SHOP_TAKEBACK_SECRET": self.shop_secret,
            "SHOP_SMTP_PORT": str(self.smtp_port),
            "SHOP_DEMO_CLOCK": "1",
            "DJANGO_SETTINGS_MODULE": "",
        }

    @property
    def video_environment(self) -> dict[str, str]:
        """The settings of the video service."""
        return {
            "VIDEO_DATA_DIR": str(self.folder / "video"),
            "VIDEO_TAKEBACK_URL": self.takeback_url,
            "VIDEO_TAKEBACK_SECRET": self.video_secret,
            "VIDEO_DEMO_CLOCK": "1",
        }

    @property
    def configuration_file(self) -> Path:
        """Takeback's settings, as an operator would write them."""
        return self.folder / "takeback.toml"

    def write_configuration(self) -> None:
        """Write takeback.toml."""
        services = (
            (SHOP_SOURCE, f"{self.shop_url}/takeback", self.shop_secret),
            (VIDEO_SOURCE, f"{self.video_url}/takeback", self.video_secret),
        )
        lines = [
            'data_dir = "takeback"',
            f"base_url = {json.dumps(self.takeback_url)}",
            'language = "ja"',
            f"hold_seconds = {HOLD_SECONDS}",
            "[smtp]",
            'host = "127.0.0.1"',
            f"port = {self.smtp_port}",
            'from_address = "takeback@shop.example"',
        ]
        for source, base_url, secret in services:
            told = {"source": source, "base_url": base_url, "secret": secret}
            lines += ["[[services]]", *(f"{key} = {json.dumps(value)}" for key, value in told.items())]
        self.configuration_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.configuration_file.chmod(0o600)


def open_up(town: Town, processes: Processes, progress: Callable[[str], None]) -> None:
    """Start everything, side by side; return when all answer."""
    takeback = {"TAKEBACK_CONFIG": str(town.configuration_file)}
    command = python("-m", "takeback.cli")
    town.write_configuration()

    def shop() -> None:
        folder = town.root / "examples" / "shop"
        processes.run("shop prepare", python("manage.py", "prepare"), town.shop_environment, folder)
        serve = python("manage.py", "serve", str(town.shop_port))
        processes.start("shop", serve, town.shop_environment, folder)
        processes.wait_for("shop", f"{town.shop_url}/accounts/login/")
        progress("shop")

    def video() -> None:
        (town.folder / "video").mkdir(parents=True, exist_ok=True)
        serve = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(town.video_port), "--workers", "1"]
        more = ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "examples.video.wsgi:application"]
        processes.start("video", python("-m", "granian", *serve, *more), town.video_environment, town.root)
        processes.wait_for("video", f"{town.video_url}/sign-in")
        progress("video")

    def ours() -> None:
        processes.run("takeback migrate", [*command, "migrate"], takeback, town.folder)
        processes.start("serve", [*command, "serve", "--port", str(town.takeback_port)], takeback, town.folder)
        processes.start("work", [*command, "work"], takeback, town.folder)
        processes.wait_for("serve", f"{town.takeback_url}/healthz")
        progress("takeback")

    with ThreadPoolExecutor(3) as pool:
        for started in [pool.submit(part) for part in (shop, video, ours)]:
            started.result()


def register_for_video(town: Town, processes: Processes, account: str, at: datetime, email: str, password: str) -> None:
    """The video service takes her on under the customer number that all services share."""
    command = python("-m", "examples.video", "create-customer", "--id", account, "--email", email, "--name", "佐藤花子")
    more = ["--at", at.isoformat()]
    processes.run("video create-customer", [*command, *more], town.video_environment, town.root, said=f"{password}\n")


def ship(town: Town, processes: Processes, orders: list[str], at: datetime) -> None:
    """The warehouse hands parcels to the carrier."""
    command = python("manage.py", "ship_order", *orders, "--at", at.isoformat())
    processes.run("ship_order", command, town.shop_environment, town.root / "examples" / "shop")
