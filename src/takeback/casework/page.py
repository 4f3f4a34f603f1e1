"""Where does the customer look at her case? A secret address, made from the case's id, so that no token is ever stored.

The token is 256 bits of a keyed hash. The store keeps its SHA-256, which opens nothing.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest as keyed

from takeback.casework.ports import House
from takeback.core.case import Case


def token_of(house: House, case_id: str) -> str:
    """The secret in the address of the case's page."""
    return urlsafe_b64encode(keyed(house.configuration.key("case page"), case_id.encode(), sha256)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def address_of(house: House, case: Case) -> str:
    """The address of the case's page, for mails to trusted contacts."""
    return f"{house.configuration.base_url.rstrip('/')}/case/{token_of(house, case.id)}"
