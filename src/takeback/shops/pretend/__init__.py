"""What is a shop, as far as Takeback can see? Here is a whole one in memory, shipped for trials and tests.

It is a fake and says so: nothing is sold, and its passwords and cards are made up. But it refuses what a real shop
refuses, answers what the contract says, tells every event, and passes the same contract tests as the real shops.

    shop = PretendShop()
    shop.register("42", at, {"email": "hanako@example.jp"}, password="correct horse")
    shop.sign_in("42", at, {"session": "s1", "device": "d1"}, password="correct horse")
    shop.place_order("42", at, {"session": "s1"}, {"id": "1043", "total": {"amount": "5980", "currency": "JPY"}})
    shop.act(ActionRequest("a1", "42", "cancel_order", {"order": "1043"}))

No clock: whoever acts says when. What Takeback does happens one second after the last event, or when `clock` says.
`python -m takeback.shops.pretend` serves one over HTTP.
"""

from takeback.shops.pretend.account import ShopRefused
from takeback.shops.pretend.shop import EVERYTHING, PretendShop
from takeback.shops.pretend.trouble import Trouble

__all__ = ["EVERYTHING", "PretendShop", "ShopRefused", "Trouble"]
