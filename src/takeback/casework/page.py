"""Where does the customer look at her case? A secret address, made from the case's id, so that no token is ever stored.

The token is 256 bits of a keyed hash. The store keeps its SHA-256, which opens nothing. An address that became known to
others is replaced: the next one is made with the next number, and the old one opens nothing any more.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as keyed

from takeback.casework.ports import Entry, House
from takeback.casework.progress import known, update
from takeback.core.case import Case
from takeback.core.errors import CaseRefused

MOST_ADDRESSES = 100  # of one case: nobody needs as many


def token_of(house: House, case_id: str, number: int = 0) -> str:
    """The secret in the `number`-th address of the case's page."""
    told = case_id if number == 0 else f"{case_id} {number}"
    return urlsafe_b64encode(keyed(house.configuration.key("case page"), told.encode(), sha256)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def token_now(house: House, case: Case) -> str:
    """The secret in the address that opens the case's page now."""
    return token_of(house, case.id, _number_now(house, case))


def address_of(house: House, case: Case) -> str:
    """The address of the case's page, for mails to trusted contacts."""
    return f"{house.configuration.base_url.rstrip('/')}/case/{token_now(house, case)}"


def replace_address(house: House, case_id: str) -> str:
    """Give the case's page a new address, for an owner who was proven in this browser. Returns the new secret.

    `CaseRefused` where it was replaced too often.
    """
    case = known(house, case_id)
    number = _number_now(house, case) + 1
    if number >= MOST_ADDRESSES:
        raise CaseRefused("link.too_often", "The address of this case was replaced too often.")
    token = token_of(house, case_id, number)
    now = house.clock.now()
    house.old_links.add(case_id, case.token_hash, now)
    entry = Entry(case_id, now, "customer", "link.replaced", "owner.asked", {"number": number})
    update(house, case, entry, token_hash=token_hash(token))
    return token


def _number_now(house: House, case: Case) -> int:
    for number in range(MOST_ADDRESSES):
        if compare_digest(token_hash(token_of(house, case.id, number)), case.token_hash):
            return number
    return 0  # the installation's secret was changed since: the mail is sent all the same
