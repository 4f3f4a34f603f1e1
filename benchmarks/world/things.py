"""What do people order, and what are they and their streets called? All made up."""

from benchmarks.world.chance import Chance

_FAMILY = (
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "松本",
    "井上",
    "林",
)
_GIVEN = (
    "花子",
    "太郎",
    "美咲",
    "健一",
    "陽子",
    "翔太",
    "直美",
    "大輔",
    "由美",
    "拓也",
    "恵子",
    "誠",
    "さくら",
    "浩",
    "愛",
)
_ROMAN = (
    "sato",
    "suzuki",
    "tanaka",
    "yuki",
    "hana",
    "ken",
    "miki",
    "taro",
    "aya",
    "nao",
    "shin",
    "rin",
    "mori",
    "kazu",
)
_DOMAINS = ("mail.example", "example.jp", "example.com", "post.example", "docomo.example", "web.example")
_TOWNS = (
    "東京都世田谷区",
    "東京都足立区",
    "東京都江東区",
    "神奈川県横浜市港北区",
    "埼玉県川口市",
    "千葉県船橋市",
    "大阪府大阪市城東区",
    "大阪府東大阪市",
    "愛知県名古屋市緑区",
    "福岡県福岡市博多区",
    "北海道札幌市白石区",
    "宮城県仙台市青葉区",
)
GOODS = (
    ("洗剤 詰替", 780),
    ("コーヒー豆 500g", 1680),
    ("子ども靴", 3200),
    ("本", 1540),
    ("タオル 5枚", 2480),
    ("水 24本", 1980),
    ("ヘッドホン", 12800),
    ("ゲームソフト", 6980),
    ("化粧水", 4200),
    ("炊飯器", 24800),
    ("スニーカー", 9800),
    ("米 10kg", 4980),
    ("おもちゃ", 3980),
    ("メモリーカード", 5480),
    ("酒 6本", 7200),
    ("腕時計", 39800),
    ("ゲーム機", 54980),
    ("タブレット", 49800),
)
CODES = (
    ("ギフトカード 3000円", 3000),
    ("ギフトカード 5000円", 5000),
    ("ギフトカード 10000円", 10000),
    ("電子書籍", 880),
    ("ゲームコード", 5000),
)


def name(chance: Chance) -> str:
    """A person's name."""
    return f"{chance.pick(_FAMILY)} {chance.pick(_GIVEN)}"


def email(chance: Chance) -> str:
    """An address such as anybody may have."""
    return f"{chance.pick(_ROMAN)}.{chance.pick(_ROMAN)}{chance.between(1, 99)}@{chance.pick(_DOMAINS)}"


def phone(chance: Chance) -> str:
    """A mobile number."""
    return f"0{chance.pick((7, 8, 9))}0-{chance.below(10000):04d}-{chance.below(10000):04d}"


def address(chance: Chance, person: str) -> dict[str, object]:
    """A postal address."""
    line = f"{chance.pick(_TOWNS)}{chance.between(1, 9)}-{chance.between(1, 30)}-{chance.between(1, 20)}"
    return {"name": person, "line": line}


def card(chance: Chance) -> dict[str, object]:
    """A payment card as a shop may show it."""
    return {"brand": chance.pick(("Visa", "Mastercard", "JCB")), "last4": f"{chance.below(10000):04d}"}


def masked(contact: object) -> str:
    """A contact as a message ledger keeps it."""
    text = str(contact)
    head, at, domain = text.partition("@")
    return f"{head[:1]}***@{domain}" if at else f"***-{text[-4:]}"


def basket(chance: Chance, *, digital: bool, dear: float) -> tuple[list[dict[str, object]], int]:
    """Lines of an order and the total in yen. `dear` is the chance that the dearest of a few things is taken."""
    lines: list[dict[str, object]] = []
    total = 0
    for _ in range(chance.pick((1, 1, 1, 2, 2, 3))):
        shelf = CODES if digital else GOODS
        goods, price = chance.pick(shelf)
        if chance.odds(dear):
            goods, price = max((chance.pick(shelf) for _ in range(3)), key=lambda row: row[1])
        count = chance.pick((1, 1, 1, 1, 2, 3))
        money = {"amount": str(price), "currency": "JPY"}
        lines.append({"sku": f"s{len(goods)}-{price}", "name": goods, "quantity": count, "price": money})
        total += price * count
    return lines, total
