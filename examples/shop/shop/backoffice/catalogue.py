"""What does the shop sell? Ten things, priced in yen; one is a download, the rest is sent, to Japan only."""

from decimal import Decimal

from oscar.core.loading import get_model

GOODS = [
    ("KETTLE-01", "電気ケトル 1.2L", 5980, True),
    ("TEA-SENCHA", "煎茶 100g", 1280, True),
    ("BOOK-GARDEN", "小さな庭の本", 1980, True),
    ("LAMP-DESK", "LEDデスクライト", 4480, True),
    ("MUG-BLUE", "藍色のマグカップ", 1650, True),
    ("PHONE-X1", "スマートフォン X1 128GB", 89800, True),
    ("PHONES-ANC", "ノイズキャンセリング・ヘッドホン", 32800, True),
    ("GAME-CONSOLE", "家庭用ゲーム機", 49980, True),
    ("WATCH-SPORT", "スポーツウォッチ", 27500, True),
    ("EBOOK-TEA", "電子書籍 お茶の時間", 880, False),
]


def fill() -> None:
    """Writes the catalogue into an empty database."""
    country = get_model("address", "Country")
    country.objects.create(
        iso_3166_1_a2="JP", iso_3166_1_a3="JPN", iso_3166_1_numeric="392",
        printable_name="日本", name="日本", is_shipping_country=True,
    )  # fmt: skip
    product, kind = get_model("catalogue", "Product"), get_model("catalogue", "ProductClass")
    parcels = kind.objects.create(name="商品", requires_shipping=True, track_stock=True)
    downloads = kind.objects.create(name="ダウンロード", requires_shipping=False, track_stock=False)
    partner = get_model("partner", "Partner").objects.create(name="みどり商店 倉庫")
    for sku, title, price, is_sent in GOODS:
        item = product.objects.create(
            title=title, upc=sku, slug=sku.lower(), product_class=parcels if is_sent else downloads, is_public=True
        )
        get_model("partner", "StockRecord").objects.create(
            product=item, partner=partner, partner_sku=sku, price=Decimal(price), price_currency="JPY",
            num_in_stock=100_000 if is_sent else None,
        )  # fmt: skip
    for name, code in (("Shipped", "shipped"), ("Delivered", "delivered")):
        get_model("order", "ShippingEventType").objects.create(name=name, code=code)
    sources = get_model("payment", "SourceType").objects
    sources.create(name="クレジットカード", code="card")
    sources.create(name="コンビニ払い", code="konbini")
    site = get_model("sites", "Site").objects.get(pk=1)
    site.name, site.domain = "みどり商店", "midori.example"
    site.save()
