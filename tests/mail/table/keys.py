"""Which keys sign the mails of the table? Test keys from fixed seeds, so that a run repeats another byte for byte.

They guard nothing. RSA primes are drawn here because libraries refuse to make the 512-bit key that one trick needs.
"""

import random
from base64 import b64encode
from dataclasses import dataclass
from functools import cache

from nacl.signing import SigningKey

INTEGER, BITS, NOTHING, NAME, SEQUENCE = 0x02, 0x03, 0x05, 0x06, 0x30
RSA = bytes.fromhex("2a864886f70d010101")  # 1.2.840.113549.1.1.1, rsaEncryption
SMALL = [number for number in range(3, 4000, 2) if all(number % part for part in range(3, int(number**0.5) + 1, 2))]
EXPONENT = 65537
# How many numbers of a seed come before each of its two primes, by key size and seed. To look at them again would find
# the same two, but takes each process of the tests two seconds.
BEFORE = {
    (2048, 0): (784, 218),
    (2048, 1): (367, 971),
    (1024, 0): (46, 126),
    (1024, 1): (37, 141),
    (512, 0): (34, 48),
    (512, 1): (24, 33),
}


@dataclass(frozen=True)
class Rsa:
    """A key pair: the form dkimpy signs with, the same as PEM, and the DNS record."""

    numbers: dict[str, int]
    pem: bytes
    record: str


@dataclass(frozen=True)
class Ed25519:
    """A key pair of RFC 8463."""

    key: SigningKey
    record: str


@cache
def rsa(bits: int, seed: int = 0) -> Rsa:
    """A pair of `bits` bits; the same seed gives the same pair."""
    chance = random.Random(f"test key {bits} {seed}")
    first, second = (_prime(bits // 2, chance, passed) for passed in BEFORE.get((bits, seed), (0, 0)))
    modulus, private = first * second, pow(EXPONENT, -1, (first - 1) * (second - 1))
    numbers = {
        "version": 0,
        "modulus": modulus,
        "publicExponent": EXPONENT,
        "privateExponent": private,
        "prime1": first,
        "prime2": second,
        "exponent1": private % (first - 1),
        "exponent2": private % (second - 1),
        "coefficient": pow(second, -1, first),
    }
    whole = _der(SEQUENCE, b"".join(_integer(number) for number in numbers.values()))
    pem = b"-----BEGIN RSA PRIVATE KEY-----\n" + b64encode(whole) + b"\n-----END RSA PRIVATE KEY-----\n"
    public = _der(SEQUENCE, _integer(modulus) + _integer(EXPONENT))
    kind = _der(SEQUENCE, _der(NAME, RSA) + _der(NOTHING, b""))
    told = b64encode(_der(SEQUENCE, kind + _der(BITS, b"\0" + public))).decode()
    return Rsa(numbers, pem, f"v=DKIM1; k=rsa; p={told}")


@cache
def ed25519(seed: int = 0) -> Ed25519:
    """A pair drawn from a seed."""
    key = SigningKey(random.Random(f"test key ed25519 {seed}").randbytes(32))
    return Ed25519(key, f"v=DKIM1; k=ed25519; p={b64encode(bytes(key.verify_key)).decode()}")


def _prime(bits: int, chance: random.Random, passed: int) -> int:
    top = 0b11 << (bits - 2) | 1
    for _ in range(passed):
        chance.getrandbits(bits)
    while True:
        number = chance.getrandbits(bits) | top
        if (number - 1) % EXPONENT and all(number % part for part in SMALL) and pow(2, number - 1, number) == 1:
            return number


def _integer(number: int) -> bytes:
    return _der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(kind: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([kind, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([kind, 0x80 | len(length)]) + length + content
