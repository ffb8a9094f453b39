"""A reader's key as a file: the private half stays with the reader, the public half goes to the installation.

Both are a few lines of text. Every reader makes their own, with `tinbao keys new -o FILE` or in the browser:

    tinbao reader key 1                      tinbao reader public key 1
    name: Trần Thị B                         name: Trần Thị B
    public: <base64, 32 bytes>               public: <base64, 32 bytes>
    fingerprint: 8 groups of 4 hex digits    fingerprint: 8 groups of 4 hex digits
    passphrase: scrypt 17 8 1 <base64 salt>
    private: <base64>

`passphrase` is scrypt's log2(N), r, p and salt, or "none". `private` is the 32 bytes of the X25519 private key; with a
passphrase (NFKC, UTF-8) sealed as `seal.py` says with the 32 bytes that scrypt makes of it, the aad being
`"tinbao reader key 1" | 00 | public key`. scrypt, because guessing it costs memory and yet it can be written in a page
or two for a browser, whose WebCrypto has nothing like Argon2.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot import chance
from bot.domain.trouble import Trouble
from bot.storage.seal import KEY_LENGTH, SealBroken, open_under, seal_under
from bot.talk.step import Phrase

PRIVATE_HEADER = "tinbao reader key 1"
PUBLIC_HEADER = "tinbao reader public key 1"
LONGEST_FILE = 4096  # characters
LONGEST_NAME = 80  # characters
UNPROTECTED = "none"

SCRYPT_LOG2_N = 17  # OWASP Password Storage Cheat Sheet: N = 2^17 (128 MiB), r = 8, p = 1
SCRYPT_R = 8
SCRYPT_P = 1
_LOG2_N_TAKEN = range(14, 20)  # what a file may ask of the machine that reads it: 16 to 512 MiB
_SALT_LENGTH = 16


class KeyFileError(Trouble):
    """A key's file can't be used. The sentence never holds what the file says."""

    @property
    def why(self) -> Phrase:
        return Phrase(self.sentence, self.values)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What an installation knows of a reader's key."""

    name: str
    public: bytes  # 32

    @property
    def fingerprint(self) -> str:
        """What two people compare, by eye or by telephone."""
        return fingerprint(self.public)

    def text(self) -> str:
        """The public half as a file."""
        return "\n".join([PUBLIC_HEADER, *_public_lines(self), ""])


@dataclass(frozen=True, slots=True)
class ReaderKey:
    """Both halves of a reader's key, on the reader's own machine."""

    known: PublicKey
    private: X25519PrivateKey = field(repr=False)

    def text(self, passphrase: str | None) -> str:
        """The whole key as a file, protected by the passphrase if there is one. Slow with one (scrypt, 128 MiB)."""
        return "\n".join([PRIVATE_HEADER, *_public_lines(self.known), *_private_lines(self, passphrase), ""])


def make_reader_key(name: str) -> ReaderKey:
    """A new key pair; `name` is whose. Raises KeyFileError for a name that is no line of printable text."""
    private = X25519PrivateKey.generate()
    return ReaderKey(PublicKey(_named(name), private.public_key().public_bytes_raw()), private)


def fingerprint(public: bytes) -> str:
    """The first 128 bits of SHA-256("tinbao reader key 1" | 00 | public key): "09af 63c1 …", eight groups of four."""
    digest = hashlib.sha256(PRIVATE_HEADER.encode() + b"\0" + public).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def read_public(text: str) -> PublicKey:
    """The public half from its file. Raises KeyFileError, above all for a private half: it must not come here."""
    if _header(text) == PRIVATE_HEADER:
        raise _error("private-half")
    return _public(_fields(text, PUBLIC_HEADER))


def needs_passphrase(text: str) -> bool:
    """Whether a reader's key asks for a passphrase. Raises KeyFileError."""
    return _field(_fields(text, PRIVATE_HEADER), "passphrase") != UNPROTECTED


def read_reader_key(text: str, passphrase: str | None) -> ReaderKey:
    """The whole key from its file. Raises KeyFileError; the passphrase is not looked at if the file needs none."""
    if _header(text) == PUBLIC_HEADER:
        raise _error("public-half")
    fields = _fields(text, PRIVATE_HEADER)
    known = _public(fields)
    raw = _bytes(fields, "private")
    if _field(fields, "passphrase") != UNPROTECTED:
        raw = _unlocked(raw, fields, passphrase, known.public)
    if len(raw) != KEY_LENGTH:
        raise _damaged("private")
    private = X25519PrivateKey.from_private_bytes(raw)
    if private.public_key().public_bytes_raw() != known.public:
        raise _error("halves-differ")
    return ReaderKey(known, private)


def _public_lines(known: PublicKey) -> list[str]:
    return [f"name: {known.name}", f"public: {_base64(known.public)}", f"fingerprint: {known.fingerprint}"]


def _private_lines(key: ReaderKey, passphrase: str | None) -> list[str]:
    raw = key.private.private_bytes_raw()
    if passphrase is None:
        return [f"passphrase: {UNPROTECTED}", f"private: {_base64(raw)}"]
    salt = chance.token(_SALT_LENGTH)
    sealed = seal_under(_stretched(passphrase, salt, SCRYPT_LOG2_N), raw, _about(key.known.public))
    return [
        f"passphrase: scrypt {SCRYPT_LOG2_N} {SCRYPT_R} {SCRYPT_P} {_base64(salt)}",
        f"private: {_base64(sealed)}",
    ]


def _unlocked(sealed: bytes, fields: dict[str, str], passphrase: str | None, public: bytes) -> bytes:
    salt, log2_n = _scrypt_asked(_field(fields, "passphrase"))
    if passphrase is None:
        raise _error("locked")
    try:
        return open_under(_stretched(passphrase, salt, log2_n), sealed, _about(public))
    except SealBroken:
        raise _error("wrong-passphrase") from None


def _scrypt_asked(line: str) -> tuple[bytes, int]:
    match line.split(" "):
        case ["scrypt", log2_n, "8", "1", salt] if log2_n in map(str, _LOG2_N_TAKEN):
            return _bytes({"passphrase": salt}, "passphrase"), int(log2_n)
    raise _damaged("passphrase")


def _stretched(passphrase: str, salt: bytes, log2_n: int) -> bytes:
    if not passphrase:
        raise _error("empty-passphrase")
    told = unicodedata.normalize("NFKC", passphrase).encode(
        "utf-8", "surrogatepass"
    )  # one keyboard writes ế as ê and ´
    return Scrypt(salt=salt, length=KEY_LENGTH, n=1 << log2_n, r=SCRYPT_R, p=SCRYPT_P).derive(told)


def _about(public: bytes) -> bytes:
    return PRIVATE_HEADER.encode() + b"\0" + public


def _lines(text: str) -> list[str]:
    if len(text) > LONGEST_FILE:
        raise _error("not-a-key")
    return [line.strip() for line in text.removeprefix("\ufeff").splitlines() if line.strip()]


def _header(text: str) -> str:
    return next(iter(_lines(text)), "")


def _fields(text: str, header: str) -> dict[str, str]:
    if _header(text) != header:
        raise _error("not-a-key")
    pairs = [line.partition(": ") for line in _lines(text)[1:]]
    fields = {name: value for name, _, value in pairs}
    if len(fields) != len(pairs):
        raise _error("line-twice")
    return fields


def _public(fields: dict[str, str]) -> PublicKey:
    known = PublicKey(_named(_field(fields, "name")), _bytes(fields, "public"))
    if len(known.public) != KEY_LENGTH or not _can_be_sealed_to(known.public):
        raise _damaged("public")
    if _field(fields, "fingerprint") != known.fingerprint:
        raise _error("fingerprint")
    return known


def _can_be_sealed_to(public: bytes) -> bool:
    """Not one of the few keys for which every sender would come to the same secret (RFC 7748, section 6.1)."""
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return False
    return True


def _named(name: str) -> str:
    if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
        raise _error("name")
    return name.strip()


def _field(fields: dict[str, str], name: str) -> str:
    if name not in fields:
        raise _damaged(name)
    return fields[name]


def _bytes(fields: dict[str, str], name: str) -> bytes:
    try:
        return base64.b64decode(_field(fields, name), validate=True)
    except (binascii.Error, ValueError):
        raise _damaged(name) from None


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _damaged(line: str) -> KeyFileError:
    return KeyFileError("seal-key-file-damaged", line=line)


def _error(what: str) -> KeyFileError:
    return KeyFileError(f"seal-key-file-{what}")
