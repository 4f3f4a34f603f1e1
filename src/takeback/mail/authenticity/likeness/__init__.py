"""Does a name pass for the shop's? `whose` asks it of a domain, `claims` of a text that people read."""

from takeback.mail.authenticity.likeness.ownership import whose
from takeback.mail.authenticity.likeness.profile import make_shop
from takeback.mail.authenticity.likeness.showing import claims

__all__ = ["claims", "make_shop", "whose"]
