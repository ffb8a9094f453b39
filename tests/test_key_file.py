"""A reader's key as a file: it comes back whole, or is refused with a sentence."""

import os
import re
import unicodedata
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from hypothesis import given
from hypothesis import strategies as st

import bot.words
from bot.storage import key_file, keys
from bot.storage.key_file import KeyFileError, make_reader_key, needs_passphrase, read_public, read_reader_key
from bot.storage.seal import open_tip, seal_tip

READER = make_reader_key("Trần Thị Bình")
LOCKED = READER.text("mật khẩu của tôi")
OPEN = READER.text(None)


def test_a_readers_key_comes_back():
    """A reader's key comes back from its file, with its passphrase or without one, and opens tips."""
    tip = seal_tip(b"words", {"binh": READER.known.public}, b"tip")
    for text, passphrase in [(LOCKED, "mật khẩu của tôi"), (OPEN, None), (OPEN, "not asked for")]:
        back = read_reader_key(text, passphrase)
        assert back.known == READER.known
        assert open_tip(back.private, tip.keys["binh"], tip.body, b"tip") == b"words"
    assert needs_passphrase(LOCKED)
    assert not needs_passphrase(OPEN)


def test_a_passphrase_is_the_same_on_every_keyboard():
    """A Vietnamese passphrase opens the key however the keyboard puts its accents together."""
    apart = unicodedata.normalize("NFD", "mật khẩu của tôi")
    assert apart != "mật khẩu của tôi"
    assert read_reader_key(LOCKED, apart).known == READER.known


def test_the_private_key_is_not_in_a_locked_file():
    """A file with a passphrase does not hold the private key, and printing a reader's key never shows it."""
    raw = READER.private.private_bytes_raw()
    assert key_file._base64(raw) in OPEN
    assert key_file._base64(raw) not in LOCKED
    assert repr(READER) == f"ReaderKey(known={READER.known!r})"


def test_the_public_half_goes_to_the_installation():
    """The public half is a file of its own, and a fingerprint of eight groups of four stands for it."""
    known = read_public(READER.known.text())
    assert known == READER.known
    assert re.fullmatch(r"([0-9a-f]{4} ){7}[0-9a-f]{4}", known.fingerprint)
    assert known.fingerprint != make_reader_key("Trần Thị Bình").known.fingerprint


def refusal(act, *args):
    with pytest.raises(KeyFileError) as refused:
        act(*args)
    assert str(refused.value) == refused.value.why.id
    assert all(bot.words.word(language, refused.value.why) for language in bot.words.LANGUAGES)
    return refused.value.why.id.removeprefix("seal-key-file-")


@pytest.mark.parametrize("text", [LOCKED, OPEN])
def test_a_private_half_is_turned_away(text):
    """A private half, even wrapped, is never taken where the public one is asked for."""
    assert refusal(read_public, text) == "private-half"
    assert refusal(read_reader_key, READER.known.text(), None) == "public-half"


def test_wrong_passphrases():
    """A wrong, missing or empty passphrase is told from one another."""
    assert refusal(read_reader_key, LOCKED, "mật khẩu của tô") == "wrong-passphrase"
    assert refusal(read_reader_key, LOCKED, None) == "locked"
    assert refusal(read_reader_key, LOCKED, "") == "empty-passphrase"
    assert refusal(READER.text, "") == "empty-passphrase"


OTHER = make_reader_key("Người khác")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: "", "not-a-key"),
        (lambda text: "\0" * 5000, "not-a-key"),
        (lambda text: text + "x" * 5000, "not-a-key"),
        (lambda text: text.replace("key 1", "key 2"), "not-a-key"),
        (lambda text: text + "name: again\n", "line-twice"),
        (lambda text: text.replace("name: ", "nom: "), "damaged"),
        (lambda text: text.replace("name: Trần", "name: \u202eTrần"), "name"),
        (lambda text: text.replace("name: Trần", "name: " + "T" * 80), "name"),
        (lambda text: re.sub("public: .*", "public: ???", text), "damaged"),
        (lambda text: re.sub("public: .*", "public: AAAA", text), "damaged"),
        (lambda text: re.sub("public: .*", "public: " + "A" * 43 + "=", text), "damaged"),
        (lambda text: re.sub("fingerprint: .", "fingerprint: x", text), "fingerprint"),
        (lambda text: re.sub("private: .*", "private: é", text), "damaged"),
        (lambda text: re.sub("private: .*", "private: AAAA", text), "damaged"),
        (lambda text: text.replace("passphrase: none", "passphrase: scrypt 40 8 1 AAAA"), "damaged"),
        (lambda text: text.replace("passphrase: none", "passphrase: scrypt 17 8 1 ?"), "damaged"),
        (lambda text: text.replace("passphrase: none", "passphrase: rot13"), "damaged"),
        (lambda text: text[: text.index("private")] + OTHER.text(None).splitlines()[-1], "halves-differ"),
    ],
)
def test_a_damaged_file_says_where(change, why):
    """A key file that was changed is refused with a sentence that fits, before its passphrase costs anything."""
    assert refusal(read_reader_key, change(OPEN), "x") == why


def test_a_file_that_travelled_still_opens():
    """Line ends of Windows, its byte order mark and blank lines do no harm."""
    travelled = "\ufeff" + OPEN.replace("\n", "\r\n") + "\r\n"
    assert read_reader_key(travelled, None).known == READER.known


@given(st.text(max_size=300))
def test_any_text_is_answered(text):
    """Whatever a file holds, reading it as a key answers with a sentence."""
    for header in ("", key_file.PRIVATE_HEADER + "\n", key_file.PUBLIC_HEADER + "\n"):
        for read in (read_public, needs_passphrase):
            with pytest.raises(KeyFileError):
                read(header + text)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 81, "\x1b[31m"])
def test_a_name_is_one_line(name):
    """A key is made only for a name that can be printed on one line."""
    assert refusal(make_reader_key, name) == "name"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_has_its_sentence(language):
    """Every way to refuse a key has its sentence in both languages, and no sentence is left over."""
    code = Path(keys.__file__).read_text() + Path(key_file.__file__).read_text()
    used = {"seal-key-file-" + what for what in re.findall(r'(?<!keyring)_error\("([a-z-]+)"', code)}
    used |= {"seal-keyring-" + what for what in re.findall(r'_keyring_error\("([a-z-]+)"', code)}
    used |= {"seal-key-file-damaged"}
    text = (Path(os.fspath(bot.words.__path__[0])) / f"seal.{language}.ftl").read_text()
    told = {entry.id.name for entry in FluentParser().parse(text).body if isinstance(entry, ast.Message)}
    assert told == used
