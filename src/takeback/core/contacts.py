"""How may a contact point be shown? Masked, so that its owner knows it again and nobody else learns it."""


def masked(field: str, value: str) -> str:
    """A contact point as it may be shown: `o***@example.jp`, `***5678`. Enough for its owner to know it again, no
    more.
    """
    if "email" in field or "@" in value:
        name, _, domain = value.partition("@")
        return f"{name[:1]}***@{domain}"
    return f"***{value[-4:]}" if len(value) >= 8 else "***"
