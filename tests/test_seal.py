"""Sealing: what opens, for whom, and what does not."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import chance
from bot.storage import seal
from bot.storage.seal import NoReaders, SealBroken, Vault, open_from, open_tip, seal_tip, seal_to, share_tip

LAN, MINH, HOA = (X25519PrivateKey.generate() for _ in range(3))
READERS = {"lan": LAN.public_key().public_bytes_raw(), "minh": MINH.public_key().public_bytes_raw()}
TIP = seal_tip(b"words of a tip", READERS, b"tip-1")
VAULT = Vault(chance.token())


# RFC 9180 written down once more from its text, so that our format is judged by the standard and not by one library.


def hpke_labeled(suite, label, ikm):
    return b"HPKE-v1" + suite + label + ikm


def hpke_extract(suite, salt, label, ikm):
    return HKDF.extract(hashes.SHA256(), salt or bytes(32), hpke_labeled(suite, label, ikm))


def hpke_expand(suite, prk, label, info, length):
    told = length.to_bytes(2, "big") + hpke_labeled(suite, label, info)
    return HKDFExpand(hashes.SHA256(), length, told).derive(prk)


def hpke_open(private, enc, ciphertext, info, aad):
    """Base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM: sections 4.1, 5.1 and 5.2."""
    kem = b"KEM" + bytes.fromhex("0020")
    suite = b"HPKE" + bytes.fromhex("002000010001")
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + private.public_key().public_bytes_raw()
    secret = hpke_expand(kem, hpke_extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    schedule = b"\0" + hpke_extract(suite, b"", b"psk_id_hash", b"") + hpke_extract(suite, b"", b"info_hash", info)
    prk = hpke_extract(suite, secret, b"secret", b"")
    key, nonce = hpke_expand(suite, prk, b"key", schedule, 16), hpke_expand(suite, prk, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


def test_our_reading_of_the_standard_opens_its_vector():
    """The published ciphertext of RFC 9180, appendix A.1.1, opens to its published words."""
    private = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
    )
    assert private.public_key().public_bytes_raw() == bytes.fromhex(
        "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"
    )
    plain = hpke_open(
        private,
        enc=bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
        ciphertext=bytes.fromhex(
            "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
        ),
        info=bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        aad=b"Count-0",
    )
    assert plain == b"Beauty is truth, truth beauty"


def test_a_message_is_what_the_standard_says():
    """What we seal to a key opens by the standard alone, as the module's first lines describe it."""
    sealed = seal_to(READERS["lan"], b"come on Monday", b"tip-1")
    assert sealed[:1] == b"\x01"
    stuffed = hpke_open(LAN, sealed[1:33], sealed[33:], b"tinbao 1 message\0tip-1", b"")
    assert stuffed == (14).to_bytes(4, "big") + b"come on Monday" + bytes(1024 - 18)


def test_a_tip_is_what_the_standard_says():
    """A tip's content key and body open by the standards alone, as the module's first lines describe them."""
    sealed_key = TIP.keys["minh"]
    content_key = hpke_open(MINH, sealed_key[1:33], sealed_key[33:], b"tinbao 1 tip key\0tip-1", b"")
    assert (len(content_key), len(sealed_key)) == (32, 81)
    stuffed = AESGCM(content_key).decrypt(TIP.body[1:13], TIP.body[13:], b"tinbao 1 tip\0tip-1")
    assert stuffed[4:18] == b"words of a tip"


@given(st.binary(max_size=5000), st.binary(max_size=40))
@settings(max_examples=40)
def test_every_reader_opens_a_tip(content, about):
    """Every reader a tip was sealed for opens it, whatever it holds."""
    tip = seal_tip(content, READERS, about)
    assert open_tip(LAN, tip.keys["lan"], tip.body, about) == content
    assert open_tip(MINH, tip.keys["minh"], tip.body, about) == content


def test_nobody_else_opens_a_tip():
    """A tip opens for no other reader, with no other reader's sealed key, and under no other tip's name."""
    other = seal_tip(b"words of a tip", READERS, b"tip-2")
    for private, sealed_key, body, about in [
        (HOA, TIP.keys["lan"], TIP.body, b"tip-1"),
        (LAN, TIP.keys["minh"], TIP.body, b"tip-1"),
        (LAN, TIP.keys["lan"], TIP.body, b"tip-2"),
        (LAN, TIP.keys["lan"], other.body, b"tip-1"),
        (LAN, other.keys["lan"], other.body, b"tip-1"),
        (LAN, other.keys["lan"], TIP.body, b"tip-2"),
    ]:
        with pytest.raises(SealBroken):
            open_tip(private, sealed_key, body, about)


def test_a_purpose_is_not_another():
    """A reader's sealed content key can't be passed off as a message, nor a message as a content key."""
    with pytest.raises(SealBroken):
        open_from(LAN, TIP.keys["lan"], b"tip-1")
    with pytest.raises(SealBroken):
        open_tip(LAN, seal_to(READERS["lan"], bytes(32), b"tip-1"), TIP.body, b"tip-1")


def test_a_content_key_of_another_length_is_refused():
    """Whoever seals a reader a content key of 16 bytes does not bring the reader to a weaker cipher."""
    short = chance.token(16)
    body = seal.seal_under(short, seal.padded(b"words"), b"tinbao 1 tip\0tip-1")
    with pytest.raises(SealBroken):
        open_tip(LAN, seal._hpke_seal(READERS["lan"], short, b"tinbao 1 tip key\0tip-1"), body, b"tip-1")


def test_a_tip_for_nobody_is_refused():
    """A tip that no reader could open is never sealed."""
    with pytest.raises(NoReaders, match="nobody"):
        seal_tip(b"words", {}, b"tip-1")


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(32), bytes(33)])
def test_a_key_that_is_none_is_refused(public):
    """Nothing is sealed to a key that is not one, least of all to one whose secret everybody knows."""
    with pytest.raises(ValueError, match=r"."):
        seal_tip(b"words", READERS | {"bad": public}, b"tip-1")


def test_a_reader_comes_and_goes():
    """A reader who can read a tip shares it with a new one; the retired one is shut out by losing their sealed key."""
    hers = share_tip(LAN, TIP.keys["lan"], HOA.public_key().public_bytes_raw(), b"tip-1")
    assert open_tip(HOA, hers, TIP.body, b"tip-1") == b"words of a tip"
    left = {reader: key for reader, key in (TIP.keys | {"hoa": hers}).items() if reader != "lan"}
    for key in left.values():
        with pytest.raises(SealBroken):
            open_tip(LAN, key, TIP.body, b"tip-1")
    with pytest.raises(SealBroken):
        share_tip(HOA, TIP.keys["lan"], READERS["lan"], b"tip-1")


SEALED_THINGS = {
    "tip body": (TIP.body, lambda sealed: open_tip(LAN, TIP.keys["lan"], sealed, b"tip-1")),
    "tip key": (TIP.keys["lan"], lambda sealed: open_tip(LAN, sealed, TIP.body, b"tip-1")),
    "message": (seal_to(READERS["lan"], b"words", b"m"), lambda sealed: open_from(LAN, sealed, b"m")),
    "vault": (VAULT.seal(b"words", b"row"), lambda sealed: VAULT.open(sealed, b"row")),
}


@pytest.mark.parametrize("thing", SEALED_THINGS)
@given(data=st.data())
@settings(max_examples=60)
def test_a_flipped_bit_breaks_the_seal(thing, data):
    """Whatever bit of a sealed thing is flipped, wherever it is cut or lengthened: it does not open."""
    sealed, open_ = SEALED_THINGS[thing]
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    flipped = bytearray(sealed)
    flipped[bit // 8] ^= 1 << bit % 8
    for changed in (bytes(flipped), sealed[: bit // 8], sealed + b"\0"):
        with pytest.raises(SealBroken):
            open_(changed)


@pytest.mark.parametrize("thing", SEALED_THINGS)
@given(noise=st.binary(max_size=120))
@settings(max_examples=60)
def test_noise_does_not_open(thing, noise):
    """What was never sealed is refused as broken and by no other error, with a sentence that holds none of it."""
    for sealed in (noise, b"\x01" + noise, b"\x01" + bytes(32) + noise):
        with pytest.raises(
            SealBroken, match=r"^What was sealed can't be opened with this key, or it has been changed\.$"
        ):
            SEALED_THINGS[thing][1](sealed)


def test_a_broken_seal_hides_its_cause():
    """The error of a broken seal carries no other error whose frames could be logged."""
    with pytest.raises(SealBroken) as broken:
        VAULT.open(b"\x01" + bytes(40), b"row")
    assert broken.value.__cause__ is None
    assert broken.value.__suppress_context__


@given(st.integers(0, 200_000))
@settings(max_examples=50)
def test_length_says_little(length):
    """Contents are padded to few lengths, at most 1 KiB or a sixteenth longer, and come back exactly."""
    content = b"x" * length
    stuffed = seal.padded(content)
    assert len(stuffed) % 1024 == 0
    assert len(content) + 4 <= len(stuffed) < len(content) + 4 + max(1024, len(content) / 16 + 1)
    assert seal.unpadded(stuffed) == content


def test_short_tips_look_alike():
    """A tip of ten characters and one of nine hundred are equally long once sealed."""
    short, long = (seal_tip(b"x" * length, READERS, b"tip") for length in (10, 900))
    assert len(short.body) == len(long.body)


@pytest.mark.parametrize("stuffed", [b"", b"\0\0", bytes(1023), b"\xff" * 1024, bytes(1023) + b"\1", bytes(2048)])
def test_padding_that_was_never_made_is_refused(stuffed):
    """Padding is taken off only as it was put on, so that nothing can be hidden behind a content."""
    with pytest.raises(SealBroken):
        seal.unpadded(stuffed)


def test_a_vault_opens_what_it_sealed():
    """A vault opens its own seals and no other's, only for what they are about, and never seals twice alike."""
    sealed = VAULT.seal(b"words", b"row-1")
    assert VAULT.open(sealed, b"row-1") == b"words"
    assert sealed != VAULT.seal(b"words", b"row-1")
    for vault, about in [(VAULT, b"row-2"), (Vault(chance.token()), b"row-1"), (VAULT.derive("a"), b"row-1")]:
        with pytest.raises(SealBroken):
            vault.open(sealed, about)
    assert VAULT.derive("a").open(VAULT.derive("a").seal(b"words", b""), b"") == b"words"
    with pytest.raises(SealBroken):
        VAULT.derive("b").open(VAULT.derive("a").seal(b"words", b""), b"")


@pytest.mark.parametrize("key", [b"", bytes(16), bytes(31), bytes(33)])
def test_a_vault_wants_a_whole_key(key):
    """A vault is made of 32 bytes and of nothing else."""
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(key)


@given(st.lists(st.text(max_size=6), max_size=4), st.lists(st.text(max_size=6), max_size=4))
def test_pseudonyms_keep_parts_apart(one, other):
    """Two pseudonyms of a vault are the same exactly when all their parts are, however these could be run together."""
    assert (VAULT.pseudonym(*one) == VAULT.pseudonym(*other)) == (one == other)


def test_pseudonyms_need_the_key():
    """A pseudonym is another under another key or purpose, and takes what is no proper text too."""
    assert VAULT.pseudonym("1", "23") != VAULT.pseudonym("12", "3")
    assert VAULT.pseudonym("1") != Vault(chance.token()).pseudonym("1")
    assert VAULT.pseudonym("1") != VAULT.derive("x").pseudonym("1")
    assert len(VAULT.pseudonym("\ud800")) == 32
