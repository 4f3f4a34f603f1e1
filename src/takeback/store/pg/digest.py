"""What stands for an event's source and id where it is only asked whether they were there before?"""

from hashlib import blake2b


def digest_of(source: str, name: str) -> bytes:
    """16 bytes. To find a second pair with the same ones takes 2^128 tries, so no sender can have another's refused."""
    first = source.encode()
    return blake2b(b"%d:%b%b" % (len(first), first, name.encode()), digest_size=16).digest()
