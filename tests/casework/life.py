"""What happened to Hanako? A small account's ordinary days and one bad night, lived in pretend shops."""

from datetime import UTC, datetime, timedelta

from takeback.shops.pretend import PretendShop

ACCOUNT = "42"
START = datetime(2026, 10, 1, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)
NOW = NIGHT + timedelta(hours=1)
MINE = "hanako@example.jp"
HIS = "taro@evil.example"
PASSWORD = "correct horse battery"
HERS = {"device": "d-phone", "ip": "203.0.113.20", "user_agent": "Safari", "country": "JP", "asn": 2527}
INTRUDERS = {"device": "d-evil", "ip": "198.51.100.7", "user_agent": "curl", "country": "RO", "asn": 64500}


def ordinary_days(shop: PretendShop, *, account: str = ACCOUNT, email: str = MINE, weeks: int = 4) -> None:
    """A month of signing in, looking and ordering."""
    fields = {"email": email, "name": "佐藤花子", "phone": "+819012345678", "language": "ja"}
    shop.register(account, START, fields, password=PASSWORD)
    for week in range(weeks):
        at = START + timedelta(days=7 * week, minutes=1)
        client = HERS | {"session": f"{shop.source}-{account}-mine-{week}"}
        shop.sign_in(account, at, client, password=PASSWORD)
        if week == 0:
            shop.add_item(account, at, client, "addresses", "1", {"line1": "銀座1-1", "country": "JP"})
            shop.add_item(account, at, client, "cards", "3", {"brand": "Visa", "last4": "4242", "locked": False})
        number = f"{account}-{week + 1}"
        order = order_of(number, "3000") | {"address": {"line1": "銀座1-1"}}
        shop.place_order(account, at + timedelta(minutes=5), client, order)
        shop.ship(account, at + timedelta(days=1), number)
        shop.deliver(account, at + timedelta(days=2), number)
    shop.earn(account, START + timedelta(days=25), "points", "1200")


def bad_night(
    shop: PretendShop, *, account: str = ACCOUNT, orders: int = 3, ship: bool = True, spend: bool = False
) -> None:
    """Somebody else signs in, looks at the cards, changes the address for mail and the name, and orders."""
    client = INTRUDERS | {"session": f"{shop.source}-{account}-night"}
    shop.sign_in(account, NIGHT, client, password=PASSWORD)
    at = NIGHT + timedelta(minutes=1)
    shop.view(account, at, client, "cards")
    shop.change_field(account, at + timedelta(minutes=1), client, "email", HIS)
    shop.change_field(account, at + timedelta(minutes=2), client, "name", "山田太郎")
    shop.add_item(
        account, at + timedelta(minutes=3), client, "addresses", "66", {"line1": "どこか9-9", "country": "JP"}
    )
    for number in range(orders):
        placed = order_of(f"{account}-9{number:02}", "5980")
        shop.place_order(account, at + timedelta(minutes=4 + number), client, placed)
    if spend:
        shop.spend(account, at + timedelta(minutes=20), client, "points", "500")
    if ship:
        shop.ship(account, at + timedelta(minutes=30), f"{account}-900")


def order_of(number: str, total: str) -> dict[str, object]:
    """An order of one thing."""
    price = {"amount": total, "currency": "JPY"}
    return {
        "id": number,
        "lines": [{"sku": "s1", "name": "時計", "quantity": 1, "price": price}],
        "total": price,
        "payment": "convenience_store",
    }
