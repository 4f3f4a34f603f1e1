"""Whose word does the video service take for an address, a country, a time? That of the proxy in front alone."""

from typing import Any

import pytest
from flask import Flask, Request

from examples.video.visit import Visit, visit_of

CLAIMS = {
    "X-Forwarded-For": "198.51.100.9, 203.0.113.7",
    "X-Geo-Country": "JP",
    "X-Geo-Asn": "2516",
    "X-Demo-Clock": "2020-01-01T00:00:00+00:00",
}


def visit(remote: str, **more: Any) -> Visit:
    with Flask(__name__).test_request_context("/", headers=CLAIMS, environ_base={"REMOTE_ADDR": remote}) as context:
        request: Request = context.request
        return visit_of(request, **more)


def test_the_proxy_is_believed_and_of_its_addresses_the_last() -> None:
    seen = visit("127.0.0.1", demo_clock=False)
    assert (seen.ip, seen.country, seen.asn) == ("203.0.113.7", "JP", "2516")


def test_nobody_else_is_believed() -> None:
    seen = visit("192.0.2.44", demo_clock=True)
    assert (seen.ip, seen.country, seen.asn) == ("192.0.2.44", "", "")
    assert seen.now.year > 2020


@pytest.mark.parametrize(("switched_on", "told"), [(True, True), (False, False)])
def test_the_demo_clock_has_to_be_switched_on(switched_on: bool, told: bool) -> None:
    assert (visit("127.0.0.1", demo_clock=switched_on).now.year == 2020) is told
