"""What happened in the cases whose pages are tested? A night with more in it than that of `tests.casework.life`."""

from datetime import timedelta

from takeback.core.case import Case
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, INTRUDERS, NIGHT, PASSWORD, order_of

TURNED = "\u202e"
EVIL = f'<script>alert(1)</script>"><img src=x onerror=alert(1)>{TURNED}evil</bdi></table>'
LONG = "長い" * 5000


def busy_night(town: Town) -> Case:
    """He comes twice, she is in at the same time, and the video service sees somebody; then it is reported."""
    his, at = INTRUDERS | {"session": "night-2"}, NIGHT + timedelta(minutes=12)
    town.shop.sign_in(ACCOUNT, at, his, password=PASSWORD)
    town.shop.view(ACCOUNT, at + timedelta(minutes=1), his, "addresses")
    town.shop.add_item(ACCOUNT, at + timedelta(minutes=2), his, "passkeys", "pk-1", {"name": "Pixel"})
    town.shop.change_field(ACCOUNT, at + timedelta(minutes=3), his, "phone", "+40712345678")
    for number in range(6):
        placed = order_of(f"42-95{number}", "12800")
        town.shop.place_order(ACCOUNT, at + timedelta(minutes=4, seconds=30 * number), his, placed)
    town.shop.spend(ACCOUNT, at + timedelta(minutes=9), his, "points", "500")
    hers = HERS | {"session": "evening"}
    town.shop.sign_in(ACCOUNT, NIGHT - timedelta(minutes=25), hers, password=PASSWORD)
    town.shop.view(ACCOUNT, NIGHT - timedelta(minutes=24), hers, "orders")
    town.tell()
    return reported(town)


def doubtful_night(town: Town) -> Case:
    """Somebody signs in on a tablet that was never seen, adds an address and orders: it may well be the owner."""
    client: dict[str, object] = {
        "device": "d-tab",
        "ip": "198.51.100.77",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120",
    }
    client |= {"session": "tablet", "country": "JP", "asn": 4713}
    town.shop.sign_in(ACCOUNT, NIGHT, client, password=PASSWORD)
    town.shop.add_item(ACCOUNT, NIGHT + timedelta(minutes=1), client, "addresses", "9", {"line1": "新しい町2-2"})
    town.shop.place_order(ACCOUNT, NIGHT + timedelta(minutes=2), client, order_of("42-77", "5000"))
    town.tell()
    return reported(town)


def endless_night(town: Town, orders: int = 400) -> Case:
    """He orders and orders."""
    his = INTRUDERS | {"session": "endless"}
    town.shop.sign_in(ACCOUNT, NIGHT + timedelta(minutes=8), his, password=PASSWORD)
    for number in range(orders):
        at = NIGHT + timedelta(minutes=9, seconds=2 * number)
        town.shop.place_order(ACCOUNT, at, his, order_of(f"endless-{number}", "100"))
    town.tell()
    return reported(town)


def hostile_night(town: Town) -> Case:
    """He writes into every value that he can what would break a page, turn it round or fill it."""
    his = INTRUDERS | {"session": EVIL, "user_agent": EVIL[:200], "device": EVIL}
    at = NIGHT + timedelta(minutes=12)
    town.shop.sign_in(ACCOUNT, at, his, password=PASSWORD)
    for number, value in enumerate((EVIL, LONG, "\x07\x1b[31m red", "a\u0301" * 200)):
        town.shop.change_field(ACCOUNT, at + timedelta(minutes=1 + number), his, "name", value)
    town.shop.add_item(
        ACCOUNT, at + timedelta(minutes=6), his, "addresses", EVIL[:80], {"line1": EVIL, EVIL: LONG, "n": [EVIL] * 50}
    )
    town.shop.add_item(ACCOUNT, at + timedelta(minutes=7), his, "passkeys", "pk", {"name": EVIL})
    placed = order_of(f"9{EVIL[:60]}", "100")
    placed["lines"] = [{"sku": EVIL[:200], "name": EVIL[:300], "quantity": 1}] * 20
    town.shop.place_order(ACCOUNT, at + timedelta(minutes=8), his, placed)
    town.tell()
    return reported(town, text=f"{EVIL} 090-1234-5678 hanako@example.jp 4111 1111 1111 1111 {LONG}")


def reported(town: Town, text: str = "買っていない商品が勝手に購入されている") -> Case:
    """The case after its report."""
    case = town.report(text=text)
    assert case is not None
    return case
