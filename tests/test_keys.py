"""Keys of the installation, of a day and of a receipt: what each opens, and for how long."""

import stat
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot import chance
from bot.domain.receipt import Receipt
from bot.storage.key_file import read_reader_key
from bot.storage.keys import DaySecrets, Keyring, KeyringError, SecretDestroyed, derive, expired, needed
from bot.storage.seal import SealBroken, Vault, open_from, seal_to
from bot.words import LANGUAGES, word

SALT = chance.token()
RECEIPT = Receipt("4096118755302741")
TODAY, YESTERDAY = date(2026, 3, 2), date(2026, 3, 1)
SECRETS = {TODAY: chance.token(), YESTERDAY: chance.token()}
WHO = ("telegram", "-100123", "4711")


def test_another_day_another_address():
    """The same person in the same chat has another address the next day, and each person and chat their own."""
    days = DaySecrets(SECRETS)
    people = [WHO, ("web", *WHO[1:]), ("telegram", "-100124", "4711"), ("telegram", "-100123", "4712")]
    addresses = [days.address(day, *who) for day in SECRETS for who in people]
    assert len(set(addresses)) == 8
    assert days.address(TODAY, *WHO) == DaySecrets(SECRETS).address(TODAY, *WHO)


def test_even_one_secret_for_two_days_links_nothing():
    """Should two days ever be given the same secret, their addresses still differ."""
    days = DaySecrets(dict.fromkeys(SECRETS, bytes(32)))
    assert days.address(TODAY, *WHO) != days.address(YESTERDAY, *WHO)


def test_a_draft_opens_while_its_day_is_held():
    """A draft of yesterday opens while both secrets are held, and never after yesterday's is destroyed."""
    draft = DaySecrets(SECRETS).vault(YESTERDAY, *WHO).seal(b"half a tip", b"draft")
    assert DaySecrets(SECRETS).vault(YESTERDAY, *WHO).open(draft, b"draft") == b"half a tip"
    left = DaySecrets({TODAY: SECRETS[TODAY]})
    with pytest.raises(SecretDestroyed, match="destroyed"):
        left.vault(YESTERDAY, *WHO)
    with pytest.raises(SecretDestroyed):
        left.address(YESTERDAY, *WHO)
    with pytest.raises(SealBroken):
        left.vault(TODAY, *WHO).open(draft, b"draft")


def test_a_draft_needs_to_know_who():
    """The day's secrets and the sealed draft do not open it without channel, chat and sender; nor does the address."""
    days = DaySecrets(SECRETS)
    draft = days.vault(TODAY, *WHO).seal(b"half a tip", b"draft")
    for vault in (
        days.vault(TODAY, "telegram", "-100123", "4712"),
        Vault(SECRETS[TODAY]),
        Vault(days.address(TODAY, *WHO)),
    ):
        with pytest.raises(SealBroken):
            vault.open(draft, b"draft")


def test_a_purpose_of_the_day_can_not_be_joined():
    """The name under which a sender is blocked for a day is not the address of their conversation."""
    days = DaySecrets(SECRETS)
    assert days.pseudonym(TODAY, "blocked", *WHO) != days.address(TODAY, *WHO)


HANOI = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2026, 3, 2, 0, 0, tzinfo=UTC), TODAY),
        (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), TODAY),
        (datetime(2026, 3, 2, 6, 59, tzinfo=HANOI), YESTERDAY),
        (datetime(2026, 3, 2, 7, 0, tzinfo=HANOI), TODAY),
    ],
)
def test_days_are_utc(now, today):
    """Today and yesterday are days of UTC, wherever the clock is read."""
    assert needed(now) == (today, today - timedelta(days=1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone is given beside
def test_a_secret_lives_48_hours(born):
    """A secret is not to be destroyed within 48 hours from the start of its day, and is from then on."""
    midnight = datetime(born.year, born.month, born.day, tzinfo=UTC)
    dies = midnight + timedelta(hours=48)
    assert expired([born.date()], dies - timedelta(microseconds=1)) == frozenset()
    assert expired([born.date()], dies) == {born.date()}
    assert not set(needed(born)) & expired(needed(born), born)


def test_a_receipt_finds_and_opens():
    """A receipt yields the same look-up id and key each time; another receipt or installation yields others."""
    mine, again = derive(RECEIPT, SALT), derive(Receipt("4096118755302741"), SALT)
    assert (mine.look_up, mine.public) == (again.look_up, again.public)
    assert open_from(again.private, seal_to(mine.public, b"come on Monday", b"tip-1"), b"tip-1") == b"come on Monday"
    for other in (derive(Receipt("4096118755302742"), SALT), derive(RECEIPT, chance.token())):
        assert other.look_up != mine.look_up
        assert other.public != mine.public
        with pytest.raises(SealBroken):
            open_from(other.private, seal_to(mine.public, b"come on Monday", b"tip-1"), b"tip-1")
    assert len(mine.look_up) == len(mine.public) == 32
    assert "look_up" not in repr(mine)


def test_the_look_up_id_does_not_open():
    """What is stored of a receipt (look-up id, public key) is no key to its messages."""
    mine = derive(RECEIPT, SALT)
    sealed = seal_to(mine.public, b"words", b"tip-1")
    for stored in (mine.look_up, mine.public):
        with pytest.raises(SealBroken):
            open_from(X25519PrivateKey.from_private_bytes(stored), sealed, b"tip-1")


def test_formats_stay():
    """What was derived and sealed by the first version is found and opened by every later one."""
    receipt = derive(RECEIPT, bytes(range(32)))
    keyring = Keyring(bytes(range(32)))
    days = DaySecrets({TODAY: bytes(range(32))})
    kept = [
        receipt.look_up,
        receipt.public,
        keyring.receipts_salt,
        keyring.outbox.pseudonym("a"),
        keyring.ways_back.pseudonym("a"),
        days.address(TODAY, *WHO),
    ]
    assert [value.hex()[:16] for value in kept] == KEPT
    assert keyring.rooms.open(bytes.fromhex(KEPT_SEAL), b"row") == b"words"
    assert read_reader_key(KEPT_FILE, "mật khẩu").private.private_bytes_raw() == bytes(range(32))


KEPT = [
    "ced50d9494771170",
    "66d9f3c85cfe4043",
    "b1ddd91fb207d4c7",
    "49b13d4d1fca37bc",
    "0ade7a154ae11055",
    "24251ebc518ef7f4",
]
KEPT_SEAL = "0134c44797aded9ffe5bfed82ee6ac994728a41546bd5e339dd6304765aee6b814a4"
KEPT_FILE = """\
tinbao reader key 1
name: Trần Thị Bình
public: j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=
fingerprint: b9e4 67d7 be57 4b5c cbbf 893c 3c20 281e
passphrase: scrypt 17 8 1 rsMfhn090bIxo4LxG60xew==
private: AVyoUBygUTQLcrBt5J4h3RCO4sdwXAWQ40DYxPpmC2XZYymNvl+56lt2z4O3p9mO+RAIzMhiRbLEpX7w9Q==
"""


def test_a_keyring_is_created_once(tmp_path):
    """A root key is written once, for its owner's eyes only, and read back; a second creation changes nothing."""
    path = tmp_path / "installation.key"
    made = Keyring.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(KeyringError) as refused:
        Keyring.create(path)
    assert refused.value.why.id == "seal-keyring-exists"
    assert path.read_bytes() == before
    read = Keyring.read(path)
    assert read.outbox.open(made.outbox.seal(b"words", b"row"), b"row") == b"words"
    assert read.receipts_salt == made.receipts_salt
    assert len(read.receipts_salt) == 32


def test_purposes_have_nothing_in_common():
    """What is sealed for one purpose of an installation opens for no other, nor with the root key."""
    root = chance.token()
    keyring = Keyring(root)
    purposes = [keyring.outbox, keyring.ways_back, keyring.rooms, keyring.day_secrets, keyring.members, Vault(root)]
    for sealing in purposes:
        opened = []
        for opening in purposes:
            try:
                opened.append(opening.open(sealing.seal(b"words", b""), b"") and opening)
            except SealBroken:
                continue
        assert opened == [sealing]


def write(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_keyring_open_to_others_is_refused(tmp_path, mode):
    """A root key that others on the machine can read or write is not used."""
    with pytest.raises(KeyringError) as refused:
        Keyring.read(write(tmp_path / "key", bytes(32), mode))
    assert refused.value.why.id == "seal-keyring-open-to-others"
    assert refused.value.why.values == {"path": str(tmp_path / "key")}


@pytest.mark.parametrize("size", [0, 31, 33, 100_000])
def test_a_keyring_of_another_size_is_refused(tmp_path, size):
    """A root key is 32 bytes."""
    with pytest.raises(KeyringError) as refused:
        Keyring.read(write(tmp_path / "key", bytes(size)))
    assert refused.value.why.id == "seal-keyring-size"


def test_a_keyring_that_is_not_there(tmp_path):
    """A root key that is missing, a folder, or nowhere to be written is refused with its own sentence."""
    for act, path, why in [
        (Keyring.read, tmp_path / "none", "missing"),
        (Keyring.read, tmp_path, "unreadable"),
        (Keyring.create, tmp_path / "none" / "key", "not-written"),
    ]:
        with pytest.raises(KeyringError) as refused:
            act(path)
        assert refused.value.why.id == f"seal-keyring-{why}"
        assert all(str(path) in word(language, refused.value.why) for language in LANGUAGES)
