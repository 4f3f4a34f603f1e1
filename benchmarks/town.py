"""What stands while cases are measured? Two pretend services, Takeback's web side and its worker, each a process."""

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from takeback.demo.processes import Processes, free_port, python
from takeback.shops.http import HttpService
from takeback.shops.pretend import PretendShop
from takeback.shops.pretend.journal import Journal

SHOP, FILM = "/shops/pretend", "/services/film"
ORDERS, SHIPPED = 12, 2
VISITS = 6  # few: at every answer the pretend service writes down all that it holds, which is none of our time
NIGHT = timedelta(minutes=40)  # ago
WORDS = " ".join(("correct", "horse", "battery"))  # the password of customers who do not exist
HERS = {"device": "d-phone", "ip": "203.0.113.20", "user_agent": "Safari iPhone", "country": "JP", "asn": "AS2527"}
HIS = {"device": "d-x", "ip": "198.51.100.7", "user_agent": "curl", "country": "NL", "asn": "AS64500"}


@dataclass
class Town:
    """Ports, secrets and folders, made anew for each run."""

    folder: Path
    takeback_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    services: dict[str, HttpService] = field(default_factory=dict)

    @property
    def takeback_url(self) -> str:
        """Takeback's web side."""
        return f"http://127.0.0.1:{self.takeback_port}"

    @property
    def configuration_file(self) -> Path:
        """Takeback's settings."""
        return self.folder / "takeback.toml"

    def open_up(self, processes: Processes, accounts: list[str]) -> None:
        """Let everybody live, then start everything; return when all answer. The services tell what has happened."""
        lines = [
            f'data_dir = "data"\nlanguage = "en"\nbase_url = "{self.takeback_url}"\n[smtp]\nport = {self.smtp_port}\n'
        ]
        for source in (SHOP, FILM):
            name, secret, port = _name(source), "whsec_" + b64encode(secrets.token_bytes(32)).decode(), free_port()
            base_url = f"http://127.0.0.1:{port}/takeback"
            Journal(self.folder / f"{name}.db").save(lived_in(source, accounts))
            pretend = ("-m", "takeback.shops.pretend", "--data", f"{name}.db", "--port", str(port), "--source", source)
            command = python(*pretend, "--takeback", self.takeback_url)
            processes.start(name, command, {"PRETEND_SECRET": secret}, self.folder)
            processes.wait_for(name, f"{base_url}/capabilities")
            self.services[source] = HttpService(source, base_url, secret)
            lines.append(f'[[services]]\nsource = "{source}"\nbase_url = "{base_url}"\nsecret = "{secret}"\n')
        self.configuration_file.write_text("".join(lines), encoding="utf-8")
        environment = {"TAKEBACK_CONFIG": str(self.configuration_file)}
        takeback = python("-m", "takeback.cli")
        processes.run("migrate", [*takeback, "migrate"], environment, self.folder)
        processes.start("serve", [*takeback, "serve", "--port", str(self.takeback_port)], environment, self.folder)
        processes.start("work", [*takeback, "work"], environment, self.folder)
        processes.wait_for("serve", f"{self.takeback_url}/healthz")
        processes.until("work", (self.folder / "data" / "worker.lock").exists)


def mail_of(account: str) -> str:
    """The address that was hers before the night."""
    return f"c{account}@example.jp"


def _name(source: str) -> str:
    return source.rpartition("/")[2]


def lived_in(source: str, accounts: list[str], orders: int = ORDERS) -> PretendShop:
    """A service in which each account lived some months with its owner and, at the shop, a night with an intruder."""
    shop = PretendShop(source)
    for account in accounts:
        _months(shop, account)
        if source == SHOP:
            _night(shop, account, orders)
    return shop


def _months(shop: PretendShop, account: str) -> None:
    start = datetime.now(UTC) - timedelta(days=60)
    fields = {"email": mail_of(account), "name": "佐藤花子", "phone": "+819012345678"}
    shop.register(account, start, fields, password=WORDS)
    for week in range(VISITS):
        at, client = start + timedelta(days=7 * week, hours=1), HERS | {"session": f"{account}-{shop.source}-{week}"}
        shop.sign_in(account, at, client, password=WORDS)
        shop.view(account, at + timedelta(minutes=1), client, "orders")
        if shop.source == SHOP:
            shop.place_order(account, at + timedelta(minutes=2), client, _order(f"{account}-{week}"))
            shop.ship(account, at + timedelta(days=1), f"{account}-{week}")
            shop.deliver(account, at + timedelta(days=2), f"{account}-{week}")
        shop.sign_out(account, at + timedelta(minutes=9), client)


def _night(shop: PretendShop, account: str, orders: int) -> None:
    night, client = datetime.now(UTC) - NIGHT, HIS | {"session": f"{account}-night"}
    shop.sign_in(account, night, client, password=WORDS)
    shop.view(account, night + timedelta(minutes=1), client, "cards")
    shop.change_field(account, night + timedelta(minutes=2), client, "email", f"x{account}@mail.example")
    shop.change_field(account, night + timedelta(minutes=3), client, "name", "山田太郎")
    shop.add_item(account, night + timedelta(minutes=4), client, "addresses", "66", {"line1": "1-1"})
    for number in range(orders):
        shop.place_order(account, night + timedelta(minutes=5 + number), client, _order(f"{account}-x{number}"))
    for number in range(SHIPPED):
        shop.ship(account, night + timedelta(minutes=20), f"{account}-x{number}")


def _order(name: str) -> dict[str, Any]:
    price = {"amount": "2980", "currency": "JPY"}
    return {"id": name, "lines": [{"sku": "s", "name": "時計", "quantity": 1, "price": price}], "total": price}
