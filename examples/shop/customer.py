"""What does a customer do in the shop? A browser without a screen: it goes through the shop's own pages and forms.

One `ShopCustomer` is one browser on one device: it keeps its cookies. Where it says to be (address, country, network)
and what time it says it is are headers that the shop believes of 127.0.0.1 alone: there the demo plays the network.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

ADDRESS = {"last_name": "佐藤", "first_name": "花子", "line1": "青葉1-2-3", "line4": "横浜市", "state": "神奈川県",
           "postcode": "2270062", "country": "JP"}  # fmt: skip
CARD = "4242424242424242"
# The part of a wish list's form that would share it with some people by their addresses.
NOBODY_IN_PARTICULAR = {"shared_emails-TOTAL_FORMS": "0", "shared_emails-INITIAL_FORMS": "0"}


class ShopRefused(Exception):
    """The shop did not do it. The message is what its page said."""


class ShopCustomer:
    """A customer's browser.

    `clock` is the time that each request claims (aware; None: the real time) and may be set between requests. The
    `session_cookie` of another browser can be given to try an old session.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ip: str = "203.0.113.10",
        country: str = "JP",
        asn: str = "AS2516",
        user_agent: str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)",
        clock: datetime | None = None,
        session_cookie: str | None = None,
    ) -> None:
        self.clock = clock
        self.http = httpx.Client(
            base_url=base_url,
            headers={"X-Forwarded-For": ip, "X-Geo-Country": country, "X-Geo-Asn": asn, "User-Agent": user_agent,
                     "Referer": base_url},
            event_hooks={"request": [self._tell_time]},
            timeout=30,
            trust_env=False,
        )  # fmt: skip
        if session_cookie is not None:
            self.session_cookie = session_cookie
        self._products: dict[str, str] = {}
        self._address: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connection back."""
        self.http.close()

    @property
    def session_cookie(self) -> str | None:
        """The value that a thief of the session would have."""
        return self.http.cookies.get("sessionid")

    @session_cookie.setter
    def session_cookie(self, value: str) -> None:
        self.http.cookies.set("sessionid", value)

    # The account

    def register(self, email: str, password: str, name: str = "", phone: str = "") -> None:
        """Registers and is signed in; name and telephone number are further forms of the shop's."""
        self._post(
            "/accounts/register/",
            {"email": email, "password1": password, "password2": password, "redirect_url": "/"},
            first="/accounts/register/",
        )
        if name:
            self._profile(email, name)
        if phone:
            self._post("/accounts/phone/", {"phone": phone})

    def sign_in(self, email: str, password: str) -> bool:
        """True when the shop let us in."""
        response = self._send(
            "/accounts/login/",
            {"login-username": email, "login-password": password, "login-redirect_url": "/", "login_submit": "1"},
            first="/accounts/login/",
        )
        return response.status_code == 302

    def sign_out(self) -> None:
        self.http.get("/accounts/logout/")

    def is_signed_in(self) -> bool:
        return self.http.get("/accounts/profile/").status_code == 200

    def view_cards(self) -> str:
        """The page of saved cards, as HTML."""
        return self._page("/accounts/cards/")

    def view_orders(self) -> str:
        return self._page("/accounts/orders/")

    def view_addresses(self) -> str:
        return self._page("/accounts/addresses/")

    def change_email(self, email: str) -> None:
        fields = self._profile_fields()
        self._post("/accounts/profile/edit/", {**fields, "email": email})

    def change_name(self, name: str) -> None:
        self._profile(self._profile_fields()["email"], name)

    def change_phone(self, phone: str) -> None:
        self._post("/accounts/phone/", {"phone": phone})

    def change_password(self, old: str, new: str) -> None:
        self._post("/accounts/change-password/", {"old_password": old, "new_password1": new, "new_password2": new})

    def request_password_reset(self, email: str) -> None:
        self._post("/password-reset/", {"email": email}, first="/password-reset/")

    def reset_password(self, link: str, new: str) -> bool:
        """Follows a reset link from a mail. True when it worked."""
        path = "/" + link.split("/", 3)[3] if "://" in link else link
        form = self.http.get(path, follow_redirects=True)
        if 'name="new_password1"' not in form.text:
            return False
        response = self._send(form.url.path, {"new_password1": new, "new_password2": new})
        return response.status_code == 302

    def add_address(self, address: Mapping[str, str] | None = None) -> str:
        """Adds to the address book, and the next orders go there. The address's id."""
        known = set(re.findall(r"/accounts/addresses/(\d+)/", self.view_addresses()))
        self._post("/accounts/addresses/add/", address or ADDRESS)
        added = set(re.findall(r"/accounts/addresses/(\d+)/", self.view_addresses())) - known
        self._address = added.pop()
        return self._address

    def remove_address(self, address: str) -> None:
        self._post(f"/accounts/addresses/{address}/delete/", {})

    def add_card(self, number: str = CARD, expiry: tuple[str, str] | None = None) -> str:
        """Saves a card; `expiry` is month and year. The card's id."""
        month, year = expiry or ("12", str(datetime.now().astimezone().year + 3))
        ccv = "1234" if number.startswith(("34", "37")) else "123"
        self._post(
            "/accounts/cards/add/",
            {"number": number, "ccv": ccv, "expiry_month_0": month, "expiry_month_1": year,
             "start_month_0": "", "start_month_1": ""},
            first="/accounts/cards/",
        )  # fmt: skip
        return self.cards()[-1]

    def remove_card(self, card: str) -> None:
        self._post(f"/accounts/cards/{card}/remove/", {}, first="/accounts/cards/")

    def cards(self) -> list[str]:
        """The ids of the saved cards."""
        return re.findall(r'data-card="(\d+)"', self.view_cards())

    # What others see

    def write_review(self, sku: str, title: str, body: str, score: int = 5) -> None:
        """Reviews a product under the customer's name."""
        product = self._product(sku)
        path = f"/catalogue/{sku.lower()}_{product}/reviews/add/"
        self._post(path, {"title": title, "score": str(score), "body": body})

    def make_wish_list(self, name: str, visibility: str = "Private") -> str:
        """Makes a wish list: `Private`, `Shared` or `Public`. The key in its address."""
        known = self._wish_lists()
        self._post("/accounts/wishlists/create/", {"name": name, "visibility": visibility, **NOBODY_IN_PARTICULAR})
        return (self._wish_lists() - known).pop()

    def change_wish_list(self, key: str, name: str, visibility: str) -> None:
        """Renames a wish list, or shows it to others."""
        form = {"name": name, "visibility": visibility, **NOBODY_IN_PARTICULAR}
        self._post(f"/accounts/wishlists/{key}/update/", form)

    def sees_wish_list(self, key: str) -> bool:
        """True when this browser is shown the wish list, signed in or not."""
        return self.http.get(f"/wishlists/{key}/").status_code == 200

    def _wish_lists(self) -> set[str]:
        return set(re.findall(r"/accounts/wishlists/([a-z0-9]{6})/", self._page("/accounts/wishlists/")))

    # Ordering

    def place_order(
        self, skus: Sequence[str], payment: str = "card", address: str | Mapping[str, str] | None = None
    ) -> str:
        """Orders through the shop's checkout: the order's number. `ShopRefused` says why not.

        `payment`: `card` (the first saved one), `card:ID` or `konbini`. `address`: an id of the address book, a new
        address, or None for the one used last, else the first of the book.
        """
        for sku in skus:
            self._post(f"/basket/add/{self._product(sku)}/", {"quantity": "1"})
        self._choose_address(address)
        self.http.get("/checkout/shipping-method/")
        if payment == "card":
            payment = self._first_card()
        response = self._send("/checkout/preview/", {"action": "place_order", "payment": payment})
        if response.status_code != 302 or "thank-you" not in response.headers["location"]:
            raise ShopRefused(_problem(response))
        number = re.search(r"\b(1\d{5,})\b", self._page("/checkout/thank-you/"))
        if number is None:
            raise ShopRefused("the shop gave no order number")
        return number[1]

    def _first_card(self) -> str:
        page = self._page("/checkout/payment-details/")
        choice = re.search(r'value="(card:\d+)"', page)
        if choice is None:
            raise ShopRefused("there is no saved card")
        return choice[1]

    def _choose_address(self, address: str | Mapping[str, str] | None) -> None:
        if isinstance(address, Mapping):
            self._post("/checkout/shipping-address/", address)
            return
        if address is not None:
            self._address = address
        if self._address is None:
            page = self._page("/checkout/shipping-address/")
            found = re.search(r'name="address_id" value="(\d+)"', page)
            if found is None:
                raise ShopRefused("the address book is empty")
            self._address = found[1]
        self._post("/checkout/shipping-address/", {"address_id": self._address, "action": "ship_to"})

    def _product(self, sku: str) -> str:
        if not self._products:
            page = self._page("/catalogue/")
            self._products = dict(re.findall(r'href="/catalogue/([a-z0-9-]+)_(\d+)/"', page))
        try:
            return self._products[sku.lower()]
        except KeyError:
            raise ShopRefused(f"the shop does not sell {sku}") from None

    # Pages and forms

    def _profile_fields(self) -> dict[str, str]:
        page = self._page("/accounts/profile/edit/")
        fields = {}
        for name in ("first_name", "last_name", "email"):
            tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
            value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
            fields[name] = value[1] if value else ""
        return fields

    def _profile(self, email: str, name: str) -> None:
        family, _, given = name.partition(" ")
        self._post("/accounts/profile/edit/", {"email": email, "last_name": family, "first_name": given})

    def _page(self, path: str) -> str:
        response = self.http.get(path)
        if response.status_code != 200:
            raise ShopRefused(f"{path} answered {response.status_code}")
        return response.text

    def _post(self, path: str, data: Mapping[str, str], first: str | None = None) -> None:
        """Sends a form that leads on to another page when the shop accepts it."""
        response = self._send(path, data, first)
        if response.status_code != 302:
            raise ShopRefused(_problem(response))
        if "/accounts/login/" in response.headers["location"]:
            raise ShopRefused("the shop wants us to sign in")

    def _send(self, path: str, data: Mapping[str, str], first: str | None = None) -> httpx.Response:
        """`first` is the page with the form on it, fetched when there is no CSRF cookie yet."""
        if "csrftoken" not in self.http.cookies:
            self.http.get(first or "/accounts/login/")
        token = self.http.cookies.get("csrftoken", "")
        return self.http.post(path, data={**data, "csrfmiddlewaretoken": token})

    def _tell_time(self, request: httpx.Request) -> None:
        if self.clock is not None:
            request.headers["X-Demo-Clock"] = self.clock.isoformat()


def _problem(response: httpx.Response) -> str:
    """The shop's complaint, out of its page."""
    found = re.findall(
        r'(?s)(?:class="(?:invalid-feedback|errorlist[^"]*|alert[^"]*)"[^>]*>|class="error-block"[^>]*>)(.*?)</(?:div|ul|span)>',
        response.text,
    )
    text = " ".join(" ".join(re.sub(r"<[^>]+>", " ", part) for part in found).split())
    return f"{response.request.url.path} answered {response.status_code}: {text[:300]}"
