r"""Sealing: what is kept closed, and with which key it opens.

Bytes, so that a browser can make and open the same (all integers big-endian; the first byte is the format's version):

- sealed with a key we hold  `01 | nonce (12) | AES-256-GCM(plain, aad)`
- sealed to a public key     `01 | enc (32) | ciphertext`, HPKE (RFC 9180) in base mode, one shot, no aad, with the
                             suite of its appendix A.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM;
                             info = `"tinbao 1 " | purpose | 00 | about`
- a tip                      the body: padded, sealed with a content key (32 bytes) made for it, aad as the info
                             above, purpose "tip"; for each reader: that key sealed to them, purpose "tip key"
- a message                  padded, sealed to a public key, purpose "message"
- padded                     `length (4) | content | zeros`, to a whole number of steps (see `padded`); messages that
                             wait in the outbox or stand in a room are padded too, then sealed with a key we hold

`about` says what the sealed thing is (the id of its row), so that one can't be put in another's place.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from bot import chance

KEY_LENGTH = 32
VERSION = b"\x01"
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)

_NONCE_LENGTH = 12  # NIST SP 800-38D: 96 bits; chosen at random, good for 2^32 seals under one key
_LENGTH_FIELD = 4
_SMALLEST_STEP = 1024


class SealBroken(Exception):
    """What was sealed can't be opened with this key, or it has been changed."""

    def __str__(self) -> str:
        return type(self).__doc__ or ""


class NoReaders(Exception):
    """A tip was to be sealed for nobody, so nobody could ever read it."""

    def __str__(self) -> str:
        return type(self).__doc__ or ""


class Vault:
    """What is sealed and named with one key of 32 random bytes. Sealing, naming and deriving each have their own."""

    __slots__ = ("_key", "_naming", "_sealing")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise ValueError("a vault's key is 32 bytes")
        both = _expand(key, b"tinbao 1 vault", 2 * KEY_LENGTH)
        self._key, self._sealing, self._naming = key, both[:KEY_LENGTH], both[KEY_LENGTH:]

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """`plain`, to be opened with the same key and the same `about`; 29 bytes longer."""
        return seal_under(self._sealing, plain, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """What `seal` was given. Raises SealBroken."""
        return open_under(self._sealing, sealed, about)

    def derive(self, purpose: str) -> Vault:
        """Another vault, of this one and the purpose; from it neither this one nor a sister can be found."""
        return Vault(_expand(self._key, b"tinbao 1 purpose\0" + purpose.encode(), KEY_LENGTH))

    def pseudonym(self, *parts: str) -> bytes:
        """32 bytes that stand for the parts and tell nothing of them without the key.

        Each part goes in with its length before it, so ("1", "23") and ("12", "3") have nothing in common.
        """
        words = (part.encode("utf-8", "surrogatepass") for part in parts)  # platforms may send half a character
        told = b"".join(len(word).to_bytes(8, "big") + word for word in words)
        return hmac.digest(self._naming, told, "sha256")


@dataclass(frozen=True, slots=True)
class SealedTip:
    """A sealed part of a tip (its text, a file, a note): the body, and its content key sealed to each reader.

    A reader is retired by deleting their entry of `keys`; one is added by `share_tip`.
    """

    body: bytes
    keys: dict[str, bytes]  # reader's id -> 81 bytes


def seal_tip(content: bytes, readers: Mapping[str, bytes], about: bytes) -> SealedTip:
    """`content` sealed for all of `readers` (id -> public key). Raises NoReaders, ValueError for a bad public key."""
    if not readers:
        raise NoReaders
    content_key = chance.token(KEY_LENGTH)
    body = seal_under(content_key, padded(content), _info("tip", about))
    return SealedTip(body, {reader: _seal_key(public, content_key, about) for reader, public in readers.items()})


def open_tip(private: X25519PrivateKey, sealed_key: bytes, body: bytes, about: bytes) -> bytes:
    """The content of a tip's part, for a reader who has a sealed key of it. Raises SealBroken."""
    content_key = _open_key(private, sealed_key, about)
    return unpadded(open_under(content_key, body, _info("tip", about)))


def share_tip(private: X25519PrivateKey, sealed_key: bytes, public: bytes, about: bytes) -> bytes:
    """The sealed key for one more reader (`public`), by one who can read the tip. The body stays as it is."""
    return _seal_key(public, _open_key(private, sealed_key, about), about)


def seal_to(public: bytes, plain: bytes, about: bytes) -> bytes:
    """A message that only the holder of `public`'s private key can read (a receipt's, or a reader's)."""
    return _hpke_seal(public, padded(plain), _info("message", about))


def open_from(private: X25519PrivateKey, sealed: bytes, about: bytes) -> bytes:
    """What `seal_to` was given. Raises SealBroken."""
    return unpadded(_hpke_open(private, sealed, _info("message", about)))


def padded(content: bytes, smallest: int = _SMALLEST_STEP) -> bytes:
    """`content` with its length before it and zeros behind, so that the sealed length says little.

    The step is `smallest` bytes (a power of two), or for what is longer the power of two that is 1/32 to 1/16 of it: at
    most that or a sixteenth is added. With the bit length b of `4 + length`: step = max(smallest, 2^(b - 5)).
    """
    whole = _LENGTH_FIELD + len(content)
    step = max(smallest, 1 << max(0, whole.bit_length() - 5))
    return (len(content).to_bytes(_LENGTH_FIELD, "big") + content).ljust(-(-whole // step) * step, b"\0")


def unpadded(stuffed: bytes, smallest: int = _SMALLEST_STEP) -> bytes:
    """What `padded` was given. Raises SealBroken for what it never made."""
    length = int.from_bytes(stuffed[:_LENGTH_FIELD], "big")
    content = stuffed[_LENGTH_FIELD : _LENGTH_FIELD + length]
    if padded(content, smallest) != stuffed:
        raise SealBroken
    return content


def _seal_key(public: bytes, content_key: bytes, about: bytes) -> bytes:
    return _hpke_seal(public, content_key, _info("tip key", about))


def _open_key(private: X25519PrivateKey, sealed_key: bytes, about: bytes) -> bytes:
    content_key = _hpke_open(private, sealed_key, _info("tip key", about))
    if len(content_key) != KEY_LENGTH:
        raise SealBroken
    return content_key


def _info(purpose: str, about: bytes) -> bytes:
    return b"tinbao 1 " + purpose.encode() + b"\0" + about


def _hpke_seal(public: bytes, plain: bytes, info: bytes) -> bytes:
    return VERSION + SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info)


def _hpke_open(private: X25519PrivateKey, sealed: bytes, info: bytes) -> bytes:
    try:
        return SUITE.decrypt(_unversioned(sealed), private, info)
    except (InvalidTag, ValueError):  # ValueError: `enc` is no point that a sender could have made
        raise SealBroken from None


def seal_under(key: bytes, plain: bytes, aad: bytes) -> bytes:
    """`plain` sealed with the bare 32-byte key, for formats that name it; else use a Vault."""
    nonce = chance.token(_NONCE_LENGTH)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, aad)


def open_under(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """What `seal_under` was given. Raises SealBroken."""
    rest = _unversioned(sealed)
    try:
        return AESGCM(key).decrypt(rest[:_NONCE_LENGTH], rest[_NONCE_LENGTH:], aad)
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise SealBroken from None


def _unversioned(sealed: bytes) -> bytes:
    if not sealed.startswith(VERSION):
        raise SealBroken
    return sealed[len(VERSION) :]


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, section 3.3: a key that is random already needs no extraction."""
    return HKDFExpand(hashes.SHA256(), length, info).derive(key)
