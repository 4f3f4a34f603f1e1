"""Do the settings of mail say what is wrong with them, and are domains written in one way?"""

import pytest

from takeback.configuration import Mail, load_configuration
from takeback.core.errors import SettingsError
from takeback.mail.judging import shop_of

PREFIX = "TAKEBACK_MAIL_"


def load(**settings: str) -> Mail:
    """The settings of mail that this environment says."""
    return load_configuration({f"{PREFIX}{name.upper()}": value for name, value in settings.items()}).mail


def test_domains_are_lower_case_a_labels() -> None:
    mail = load(shop_domains="Shop.Example., 例え.example", arc_sealers="Lists.EXAMPLE", receivers="MX.shop.example")
    assert mail.shop_domains == ("shop.example", "xn--r8jz45g.example")
    assert (mail.arc_sealers, mail.receivers) == (("lists.example",), ("mx.shop.example",))


@pytest.mark.parametrize("domain", ["shop", "https://shop.example", "shop example", "-shop.example", "a@shop.example"])
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(SettingsError, match=r"^mail\.shop_domains names .* which is no domain"):
        load(shop_domains=domain)


@pytest.mark.parametrize(
    "address", ["check", "Check <check@shop.example>", "check@shop.example\nBcc: x", "a b@x.example"]
)
def test_an_inbound_address_is_a_plain_one(address: str) -> None:
    with pytest.raises(SettingsError, match=r"^mail\.inbound_address is not a plain"):
        load(inbound_address=address)


def test_the_inbound_address_is_not_the_one_that_letters_come_from() -> None:
    environment = {
        "TAKEBACK_MAIL_INBOUND_ADDRESS": "Help@shop.example",
        "TAKEBACK_SMTP_FROM_ADDRESS": "The shop <help@shop.example>",
    }
    with pytest.raises(SettingsError, match="answers to our own letters would be answered"):
        load_configuration(environment)


def test_a_service_cannot_pass_its_messages_off_as_our_letters() -> None:
    service = '[{"source": "/takeback", "base_url": "https://x.example", "secret": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}]'
    with pytest.raises(SettingsError, match="source of Takeback's own letters"):
        load_configuration({"TAKEBACK_SERVICES": service})


def test_a_public_suffix_is_no_shop() -> None:
    with pytest.raises(SettingsError, match="public suffix"):
        shop_of(["co.jp"], [], [], [])
    with pytest.raises(SettingsError, match="names no domain"):
        shop_of([], [], [], [])
