"""How does a person use the service? A browser, and a television set, over real HTTP, for the demo and the tests.

Owner and intruder are the same class with another client: an address, a country, a browser.
"""

from __future__ import annotations

import html
import re
from datetime import datetime

import httpx

SESSION_COOKIE = "video_session"


class VideoCustomer:
    """One browser. `ip`, `country` and `asn` go into the headers that the proxy in front would set."""

    def __init__(
        self,
        base_url: str,
        *,
        ip: str = "",
        country: str = "",
        asn: str = "",
        user_agent: str = "",
        timeout: float = 20,
    ) -> None:
        claims = {"X-Forwarded-For": ip, "X-Geo-Country": country, "X-Geo-Asn": asn, "User-Agent": user_agent}
        self.base_url = base_url
        self._http = httpx.Client(
            base_url=base_url, headers={name: value for name, value in claims.items() if value}, timeout=timeout
        )

    def __enter__(self) -> VideoCustomer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def at(self, time: datetime) -> VideoCustomer:
        """From now on it is `time`, for a service that runs with VIDEO_DEMO_CLOCK=1."""
        self._http.headers["X-Demo-Clock"] = time.isoformat()
        return self

    def sign_in(self, email: str, password: str, *, trust: bool = False) -> bool:
        """True when it let us in."""
        form = {"email": email, "password": password, **({"trust": "on"} if trust else {})}
        return self._http.post("/sign-in", data=form).status_code == 303

    def sign_out(self) -> None:
        self._http.post("/sign-out")

    def is_signed_in(self) -> bool:
        return self.watch()

    def watch(self) -> bool:
        """True when the film plays in this browser."""
        return self._http.get("/watch").status_code == 200

    @property
    def session_cookie(self) -> str:
        """The session's secret as the browser holds it, to be kept and replayed; empty when there is none."""
        return self._http.cookies.get(SESSION_COOKIE) or ""

    @session_cookie.setter
    def session_cookie(self, value: str) -> None:
        kept = {name: cookie for name, cookie in self._http.cookies.items() if name != SESSION_COOKIE}
        self._http.cookies = httpx.Cookies({**kept, SESSION_COOKIE: value})

    def register_tv(self, name: str) -> str:
        """Pairs a television set; its token. Raises `PermissionError` when not signed in."""
        return self._made("/account/televisions", "tv-token", {"name": name})

    def watch_with_token(self, token: str) -> bool:
        """True when a television set with this token plays; it needs no browser session."""
        return self._http.get("/api/watch", headers={"Authorization": f"Bearer {token}"}).status_code == 200

    def make_link(self) -> str:
        """A one-time sign-in link. Raises `PermissionError` when not signed in."""
        return self._made("/account/links", "sign-in-link", {})

    def use_link(self, link: str) -> bool:
        return self._http.post(link).status_code == 303

    def change(self, **fields: str) -> bool:
        """Changes `email`, `name` or `language`; True when it was saved."""
        return self._saved("/account/fields", fields)

    def change_password(self, current: str, new: str) -> bool:
        return self._saved("/account/password", {"current": current, "new": new})

    def remove(self, collection: str, item_id: str) -> bool:
        """Removes a television set (`api_tokens`) or a device (`trusted_devices`)."""
        return self._saved(f"/account/{collection}/{item_id}/remove", {})

    def account_page(self) -> str:
        """The page's text; empty when not signed in."""
        answer = self._http.get("/account")
        return answer.text if answer.status_code == 200 else ""

    def _saved(self, path: str, form: dict[str, str]) -> bool:
        answer = self._http.post(path, data=form)
        return answer.status_code == 303 and answer.headers["location"].endswith("/account")

    def _made(self, path: str, element: str, form: dict[str, str]) -> str:
        answer = self._http.post(path, data=form)
        found = re.search(rf'<code id="{element}">([^<]+)</code>', answer.text)
        if answer.status_code != 201 or found is None:
            raise PermissionError(f"{path} answered {answer.status_code}: nobody is signed in.")
        return html.unescape(found[1])
