"""Does a signature speak for the domain in From? (RFC 9989, section 4.10.2: identifier alignment.)

Pure: which part of a name its owner registered is looked up elsewhere (`takeback.mail.authenticity.dmarc`).
"""


def aligned(signing: str, sender: str, *, strict: bool, signing_organisation: str, sender_organisation: str) -> bool:
    """True when a signature by `signing` is one by the owner of `sender`, the domain in From.

    All are lower-case A-labels. `strict` (adkim=s) asks for the very same domain; otherwise the same organisational
    domain will do. An empty domain is aligned with nothing.
    """
    if not signing or not sender:
        return False
    if strict or signing == sender:
        return signing == sender
    return bool(signing_organisation) and signing_organisation == sender_organisation
