"""How is this shop connected? The one place that reads `settings.TAKEBACK`; every key is described in README.md."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils import timezone
from django.utils.module_loading import import_string

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

VIEWS = {
    "customer:address-list": "addresses",
    "customer:address-detail": "addresses",
    "checkout:shipping-address": "addresses",
    "customer:order-list": "orders",
    "customer:order": "orders",
    "customer:order-line": "orders",
}
# Names of states are the shop's own; these are the ones in use in Oscar's documentation and sandbox.
ORDER_STATES = {
    "shipped": "shipped",
    "dispatched": "shipped",
    "delivered": "delivered",
    "complete": "delivered",
    "completed": "delivered",
    "cancelled": "cancelled",
    "canceled": "cancelled",
}


@dataclass(frozen=True)
class Conf:
    """`settings.TAKEBACK`, checked. `url` empty: events are recorded and wait; nothing is sent."""

    url: str
    secret: str
    source: str
    path: str = "/takeback/"
    clock: Callable[[], datetime] = timezone.now
    country_header: str | None = None
    asn_header: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    views: Mapping[str, str] = field(default_factory=lambda: dict(VIEWS))
    fields: Mapping[str, str] = field(default_factory=dict)
    order_states: Mapping[str, str] = field(default_factory=lambda: dict(ORDER_STATES))
    name_order: str = "given family"
    hooks: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    keep_delivered_days: int = 7
    keep_removed_cards_days: int = 90
    device_cookie: str = "takeback_device"
    max_body: int = 65536
    timeout_seconds: float = 10.0


_KNOWN = {
    "URL", "SECRET", "SOURCE", "PATH", "CLOCK", "COUNTRY_HEADER", "ASN_HEADER", "TRUSTED_PROXIES", "VIEWS", "FIELDS",
    "ORDER_STATES", "NAME_ORDER", "HOOKS", "KEEP_DELIVERED_DAYS", "KEEP_REMOVED_CARDS_DAYS", "DEVICE_COOKIE",
    "MAX_BODY", "TIMEOUT_SECONDS",
}  # fmt: skip


def parse(given: Mapping[str, Any]) -> Conf:
    """The settings as a `Conf`; `ImproperlyConfigured` says in one sentence what is wrong with which key."""
    if unknown := sorted(set(given) - _KNOWN):
        raise ImproperlyConfigured(f"TAKEBACK has the unknown key {unknown[0]!r}.")
    for key in ("SECRET", "SOURCE"):
        if not isinstance(given.get(key), str):
            raise ImproperlyConfigured(f"TAKEBACK[{key!r}] is missing.")
    if given.get("NAME_ORDER", "given family") not in ("given family", "family given"):
        raise ImproperlyConfigured("TAKEBACK['NAME_ORDER'] is 'given family' or 'family given'.")
    path = "/" + str(given.get("PATH", "/takeback/")).strip("/") + "/"
    clock = given.get("CLOCK", timezone.now)
    simple = {
        key.lower(): given[key]
        for key in ("COUNTRY_HEADER", "ASN_HEADER", "NAME_ORDER", "KEEP_DELIVERED_DAYS", "KEEP_REMOVED_CARDS_DAYS",
                    "DEVICE_COOKIE", "MAX_BODY", "TIMEOUT_SECONDS")
        if key in given
    }  # fmt: skip
    return Conf(
        url=str(given.get("URL") or "").rstrip("/"),
        secret=given["SECRET"],
        source=given["SOURCE"],
        path=path,
        clock=import_string(clock) if isinstance(clock, str) else clock,
        trusted_proxies=tuple(_network(text) for text in given.get("TRUSTED_PROXIES", ())),
        views={**VIEWS, **given.get("VIEWS", {})},
        fields=dict(given.get("FIELDS", {})),
        order_states={**ORDER_STATES, **{k.casefold(): v for k, v in given.get("ORDER_STATES", {}).items()}},
        hooks={name: import_string(hook) if isinstance(hook, str) else hook
               for name, hook in given.get("HOOKS", {}).items()},
        **simple,
    )  # fmt: skip


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ImproperlyConfigured(
            f"TAKEBACK['TRUSTED_PROXIES'] has {text!r}, which is not an address or network."
        ) from None


@lru_cache(maxsize=1)
def conf() -> Conf:
    """The connection of this shop, read once."""
    given = getattr(settings, "TAKEBACK", None)
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured("The setting TAKEBACK is missing; see the README of takeback_oscar.")
    return parse(given)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "TAKEBACK":
        conf.cache_clear()


setting_changed.connect(_forget, dispatch_uid="takeback_oscar.conf")
