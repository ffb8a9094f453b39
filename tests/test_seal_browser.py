"""Sealing in the citizen's browser: judged by the published examples of HPKE, and by what Python opens and seals."""

from __future__ import annotations

import hashlib
import io
import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image, ImageChops, ImageCms, ImageOps, PngImagePlugin
from test_web_script import in_browser, open_page

from bot.cleaning.kind_of import kind_of
from bot.storage import seal
from bot.storage.seal import open_tip, seal_tip, seal_to

STATIC = Path(seal.__file__).parents[1] / "channels/web/static"
MODULES = ("hpke.js", "seal.js", "pictures.js")
LAN, MINH = (X25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
PUBLIC = {"lan": LAN.public_key().public_bytes_raw(), "minh": MINH.public_key().public_bytes_raw()}
TIP, PART = "0123456789abcdef" * 2, "abcdefghijklmnopqrstuvwxyz"
ABOUT = f"{TIP}/{PART}".encode()


@dataclass(frozen=True)
class Example:
    """One sealing as it was published; all in hex."""

    private: str
    public: str
    ephemeral: str
    info: str
    aad: str
    plain: str
    enc: str
    ciphertext: str


EXAMPLES = {
    "RFC 9180, A.1.1, sequence number 0": Example(
        private="4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
        public="3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
        ephemeral="52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
        info="4f6465206f6e2061204772656369616e2055726e",
        aad="436f756e742d30",
        plain="4265617574792069732074727574682c20747275746820626561757479",
        enc="37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
        ciphertext="f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
    ),
    # The same suite and mode, without aad, as all of our formats are.
    "RFC 9458, appendix A": Example(
        private="3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a",
        public="31e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e798155",
        ephemeral="bc51d5e930bda26589890ac7032f70ad12e4ecb37abb1b65b1256c9c48999c73",
        info="6d6573736167652f626874747020726571756573740001002000010001",
        aad="",
        plain="00034745540568747470730b6578616d706c652e636f6d012f",
        enc="4b28f881333e7c164ffc499ad9796f877f4e1051ee6d31bad19dec96c208b472",
        ciphertext="6374e469135906992e1268c594d2a10c695d858c40a026e7965e7d86b83dd440b2c0185204b4d63525",
    ),
}

# Every point of X25519 whose multiples are few, in each of its forms below 2^255: RFC 7748, section 6.1.
P = 2**255 - 19
EIGHTH = ("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")  # fmt: skip
LOW_ORDER = [*(n.to_bytes(32, "little").hex() for n in (0, 1, P - 1, P, P + 1)), *EIGHTH]

IN_PAGE = """
globalThis.hpke = await import("/static/hpke.js");
globalThis.sealing = await import("/static/seal.js");
globalThis.pictures = await import("/static/pictures.js");
globalThis.fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
globalThis.toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
globalThis.privateKey = (hex) => crypto.subtle.importKey(
  "pkcs8", fromHex("302e020100300506032b656e04220420" + hex), "X25519", false, ["deriveBits"]);
globalThis.refusal = (doing) => doing.then(() => "done", (error) => error.name);
globalThis.clean = async ([base64, type]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const made = await pictures.cleanPicture(new File([bytes], "IMG_0001", { type }));
  return made && toHex(made);
};
"""


def in_page(folder, tell):
    """Runs `tell(page)` on the real first page, policy and all, with our modules loaded; no word on its console."""

    async def main(_house, browser, address):
        complaints = []
        page = await open_page(browser, address, complaints)
        await page.evaluate(f"async () => {{{IN_PAGE}}}")
        await tell(page)
        assert not complaints

    in_browser(folder, main)


# --- the published examples ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_python_opens_what_was_published(example):
    """The suite of `seal.py` opens each published ciphertext, and the private key is that of the public one."""
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(example.private))
    assert private.public_key().public_bytes_raw().hex() == example.public
    sealed, info, aad = (bytes.fromhex(text) for text in (example.enc + example.ciphertext, example.info, example.aad))
    # The one door to an aad, which we never use and which RFC 9180 has in all of its examples.
    plain = openssl.hpke._decrypt_with_aad(seal.SUITE, sealed, private, info, aad)
    assert plain.hex() == example.plain
    if not aad:
        assert seal.SUITE.decrypt(sealed, private, info) == plain


def test_the_browser_seals_and_opens_what_was_published(tmp_path):
    """With the published ephemeral key chromium makes each published ciphertext, and it opens each."""

    async def tell(page):
        for name, example in EXAMPLES.items():
            made, opened = await page.evaluate(
                """async (one) => {
                  const aad = fromHex(one.aad), info = fromHex(one.info), plain = fromHex(one.plain);
                  const ephemeral = await privateKey(one.ephemeral);
                  const made = await hpke.seal(fromHex(one.public), plain, info, { ephemeral, aad });
                  const sealed = fromHex(one.enc + one.ciphertext);
                  return [toHex(made), toHex(await hpke.open(await privateKey(one.private), sealed, info, { aad }))];
                }""",
                vars(example),
            )
            assert made == example.enc + example.ciphertext, name
            assert opened == example.plain, name

    in_page(tmp_path, tell)


def test_the_browser_seals_to_no_key_that_everybody_knows(tmp_path):
    """A public key or an `enc` of low order, and what is no key at all, is refused in chromium."""

    async def tell(page):
        said = await page.evaluate(
            """async (points) => {
              const some = new Uint8Array(48), own = await privateKey("11".repeat(32));
              const opening = (point) => hpke.open(own, new Uint8Array([...fromHex(point), ...some]), some);
              return [
                ...await Promise.all(points.map((point) => refusal(hpke.seal(fromHex(point), some, some)))),
                ...await Promise.all(points.map((point) => refusal(opening(point)))),
              ];
            }""",
            [*LOW_ORDER, "", "09" * 31, "09" * 33],
        )
        # RangeError is our own, OperationError WebCrypto's for the same reason, DataError its for a wrong length.
        low = len(LOW_ORDER)
        assert set(said[:low]) | set(said[low + 3 : 2 * low + 3]) <= {"RangeError", "OperationError"}
        assert set(said[low : low + 3]) == {"DataError"}
        assert "done" not in said

    in_page(tmp_path, tell)


def test_a_secret_of_zeros_is_refused_by_ourselves(tmp_path):
    """Where a browser's X25519 lets a point of low order pass, nothing is sealed, and the page knows it can't seal."""

    async def tell(page):
        said = await page.evaluate(
            """async () => {
              SubtleCrypto.prototype.deriveBits = async () => new ArrayBuffer(32);
              return [await refusal(hpke.seal(new Uint8Array(32), hpke.utf8("words"), hpke.utf8("info"))),
                await hpke.supported()];
            }"""
        )
        assert said == ["RangeError", False]

    in_page(tmp_path, tell)


def test_what_was_changed_does_not_open_in_the_browser(tmp_path):
    """A flipped bit anywhere, another info, another key: chromium opens none."""

    async def tell(page):
        example = EXAMPLES["RFC 9458, appendix A"]
        opened = await page.evaluate(
            """async (one) => {
              const info = fromHex(one.info), sealed = fromHex(one.enc + one.ciphertext);
              const own = await privateKey(one.private), other = await privateKey(one.ephemeral);
              const flipped = Array.from(sealed, (byte, at) => sealed.with(at, byte ^ 4));
              const tries = flipped.map((changed) => [own, changed, info]);
              tries.push([own, sealed, sealed], [other, sealed, info], [own, sealed.slice(0, 40), info]);
              return Promise.all(tries.map((three) => refusal(hpke.open(...three))));
            }""",
            vars(example),
        )
        assert len(opened) == len(example.enc + example.ciphertext) // 2 + 3
        assert "done" not in opened

    in_page(tmp_path, tell)


# --- tips ------------------------------------------------------------------------------------------------------------


def read_part(content):
    """A part's header and bytes: `length (4) | header as JSON | bytes`."""
    end = 4 + int.from_bytes(content[:4], "big")
    return json.loads(content[4:end]), content[end:]


def test_python_opens_what_the_browser_sealed(tmp_path):
    """A tip sealed in chromium opens in Python for each of its readers, under its own name, and holds what was told."""
    header = {"sort": "words", "mime": "text/plain", "cleaned": True, "where": "browser"}
    words = "Bán ma tuý sau chợ, 22 giờ 🚨\n\x00" * 90

    async def tell(page):
        body, keys, part = await page.evaluate(
            """async ([header, words, readers, tip, part]) => {
              const content = sealing.partContent(header, hpke.utf8(words));
              const { body, keys } = await sealing.sealTip(content, readers, tip, part);
              return [toHex(body), keys, sealing.newPart()];
            }""",
            [header, words, {one: b64encode(key).decode() for one, key in PUBLIC.items()}, TIP, PART],
        )
        assert re.fullmatch("[a-z2-7]{26}", part)
        assert keys.keys() == PUBLIC.keys()
        sealed = seal_tip(b"x" * (len(words.encode()) + 100), PUBLIC, ABOUT)
        assert len(body) == 2 * len(sealed.body)  # neither place of sealing says more of the length
        for reader, private in (("lan", LAN), ("minh", MINH)):
            content = open_tip(private, b64decode(keys[reader], validate=True), bytes.fromhex(body), ABOUT)
            assert read_part(content) == (header, words.encode())
        with pytest.raises(seal.SealBroken):
            open_tip(LAN, b64decode(keys["lan"]), bytes.fromhex(body), f"{PART}/{TIP}".encode())

    in_page(tmp_path, tell)


def test_the_browser_opens_what_python_sealed(tmp_path):
    """A reader's sealed content key and a message, made in Python, open in chromium by `hpke.open`."""
    tip = seal_tip("lời kể".encode(), PUBLIC, ABOUT)
    message = seal_to(PUBLIC["lan"], "mời bạn kể thêm".encode(), ABOUT)

    async def tell(page):
        content, said = await page.evaluate(
            """async ([key, body, message, about]) => {
              const own = await privateKey("01".repeat(32));
              const info = (purpose) => hpke.joined(hpke.utf8(`tinbao 1 ${purpose}\\0`), hpke.utf8(about));
              const raw = await hpke.open(own, fromHex(key).slice(1), info("tip key"));
              const contentKey = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
              const how = { name: "AES-GCM", iv: fromHex(body).slice(1, 13), additionalData: info("tip") };
              const content = await crypto.subtle.decrypt(how, contentKey, fromHex(body).slice(13));
              const said = await hpke.open(own, fromHex(message).slice(1), info("message"));
              return [toHex(new Uint8Array(content)), toHex(said)];
            }""",
            [tip.keys["lan"].hex(), tip.body.hex(), message.hex(), ABOUT.decode()],
        )
        assert seal.unpadded(bytes.fromhex(content)).decode() == "lời kể"
        assert seal.unpadded(bytes.fromhex(said)).decode() == "mời bạn kể thêm"

    in_page(tmp_path, tell)


def test_the_browser_seals_for_nobody_and_for_no_bad_key(tmp_path):
    """A tip without readers, or with one whose key is none, is not sealed at all."""
    bad = [{}, {"lan": ""}, {"lan": "?"}] + [{"lan": b64encode(bytes(n)).decode()} for n in (31, 32, 33)]

    async def tell(page):
        said = await page.evaluate(
            "(bad) => Promise.all(bad.map((it) => refusal(sealing.sealTip(new Uint8Array(9), it, 'tip', 'part'))))", bad
        )
        assert "done" not in said
        assert len(said) == len(bad)

    in_page(tmp_path, tell)


def lengths_around_every_step():
    """Each length at which one more byte makes another padded one, and its neighbours: up to 256 KB all, then some."""
    edges = {whole for bits in range(10, 18) for whole in range(2**bits, 2 ** (bits + 1), max(1024, 2 ** (bits - 4)))}
    edges |= {2**bits for bits in range(18, 25)} | {20 * 2**20}
    return sorted({0, 1} | {edge - 4 + aside for edge in edges for aside in (-1, 0, 1)})


def test_padding_is_the_same_in_the_browser(tmp_path):
    """Around every step chromium pads as Python does, to the byte."""
    lengths = lengths_around_every_step()

    async def tell(page):
        made = await page.evaluate(
            """async (lengths) => {
              const made = [];
              for (const length of lengths) {
                const stuffed = sealing.padded(new Uint8Array(length).fill(120));
                made.push([stuffed.length, toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", stuffed)))]);
              }
              return made;
            }""",
            lengths,
        )
        for length, (size, digest) in zip(lengths, made, strict=True):
            stuffed = seal.padded(b"x" * length)
            assert (len(stuffed), hashlib.sha256(stuffed).hexdigest()) == (size, digest), length

    in_page(tmp_path, tell)


def test_a_page_knows_whether_it_can_seal(tmp_path):
    """Our page in chromium can seal; a page that came neither by https nor from this machine says that it can't."""

    async def tell(page):
        assert await page.evaluate("hpke.supported()") is True
        script = (STATIC / "hpke.js").read_text()
        await page.route("http://insecure.test/", lambda route: route.fulfill(body="<title>-</title>"))
        await page.route(
            "http://insecure.test/hpke.js", lambda route: route.fulfill(body=script, content_type="text/javascript")
        )
        await page.goto("http://insecure.test/")
        assert await page.evaluate("async () => (await import('/hpke.js')).supported()") is False

    in_page(tmp_path, tell)


# --- pictures --------------------------------------------------------------------------------------------------------

MARKER = b"CANARY-21.4856N-103.9707E"
WIDE = Image.new("RGB", (300, 200), "white")
WIDE.paste((200, 30, 30), (0, 0, 150, 100))
WIDE.paste((30, 30, 200), (150, 100, 300, 200))


def planted_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = MARKER.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 29.0, 8.0), 3: "E", 4: (103.0, 58.0, 14.0), 29: MARKER.decode()})
    return exif


def planted_jpeg(orientation):
    """A picture with GPS in EXIF and XMP, a comment, IPTC, a colour profile, and something behind its end."""
    made = io.BytesIO()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + MARKER + b"</x:xmpmeta>"
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARKER
    WIDE.save(made, "JPEG", quality=95, exif=planted_exif(orientation), xmp=xmp, comment=MARKER, icc_profile=icc)
    iptc = b"Photoshop 3.0\0" + MARKER
    segment = b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc
    return made.getvalue()[:2] + segment + made.getvalue()[2:] + MARKER


def planted(kind):
    made = io.BytesIO()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", MARKER.decode())
    more = {"pnginfo": notes} if kind == "PNG" else {"xmp": MARKER}
    WIDE.save(made, kind, exif=planted_exif(1), **more)
    return made.getvalue()


def given(content, kind="image/jpeg"):
    return [b64encode(content).decode(), kind]


async def cleaned(page, content, kind="image/jpeg"):
    """What the page makes of a picture, opened; and nothing of what was planted is left in it."""
    made = bytes.fromhex(await page.evaluate("clean", given(content, kind)))
    for trace in (MARKER, b"Exif", b"ns.adobe.com", b"Photoshop", b"GPS"):
        assert trace not in made
    picture = Image.open(io.BytesIO(made))
    assert picture.format == "JPEG"
    assert {name for name, _ in picture.applist} <= {"APP0", "APP2"}  # JFIF, and what chromium says of its own colours
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "icc_profile", "dpi"}
    assert made.endswith(b"\xff\xd9")
    return picture


def assert_alike(one, other):
    assert one.size == other.size
    inner = [ImageOps.scale(picture.convert("RGB"), 0.1) for picture in (one, other)]
    assert max(high for _, high in ImageChops.difference(*inner).getextrema()) < 60


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_planted_picture_holds_what_it_should(orientation):
    """The test's own picture has every marker in it, and lies as its EXIF says: else the next proves little."""
    content = planted_jpeg(orientation)
    assert content.count(MARKER) == 7
    assert Image.open(io.BytesIO(content)).getexif()[0x0112] == orientation


def test_a_picture_made_anew_tells_nothing_but_itself(tmp_path):
    """A JPEG that lies any way, a PNG and a WebP come out of chromium upright, as large, without what they held."""

    async def tell(page):
        for orientation in range(1, 9):
            content = planted_jpeg(orientation)
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
            assert_alike(await cleaned(page, content), upright)
        for kind in ("PNG", "WEBP"):
            content = planted(kind)
            assert MARKER in content
            assert_alike(await cleaned(page, content, f"image/{kind.lower()}"), WIDE)

    in_page(tmp_path, tell)


def test_a_large_picture_is_made_smaller(tmp_path):
    """The longest side is at most 4096, whatever the other; what is transparent becomes white."""

    async def tell(page):
        for size, smaller in (((5000, 2500), (4096, 2048)), ((30, 9000), (14, 4096)), ((20_000, 1), (4096, 1))):
            made = io.BytesIO()
            Image.new("RGBA", size, (0, 0, 0, 0)).save(made, "PNG")
            picture = await cleaned(page, made.getvalue(), "image/png")
            assert picture.size == smaller
            assert picture.getpixel((0, 0)) == (255, 255, 255)

    in_page(tmp_path, tell)


def test_what_can_not_be_made_anew_is_left_alone(tmp_path):
    """What is no picture, broken, moving, or of a kind chromium can't read gives null; a picture with another name is
    made anew all the same.
    """
    moving = io.BytesIO()
    WIDE.save(moving, "GIF", save_all=True, append_images=[WIDE.transpose(Image.Transpose.ROTATE_180)])
    left = [
        given(b""), given(b"no picture"), given(b"\xff\xd8\xff\xc0"), given(planted_jpeg(1)[:200]),
        given(b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png"), given(moving.getvalue(), "image/gif"),
        given(moving.getvalue(), "image/jpeg"), given(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    ]  # fmt: skip

    async def tell(page):
        assert await page.evaluate("(left) => Promise.all(left.map(clean))", left) == [None] * len(left)
        for kind in ("application/pdf", "", "image/heic"):
            assert_alike(await cleaned(page, planted_jpeg(1), kind), WIDE)

    in_page(tmp_path, tell)


STARTS = {
    b"\xff\xd8\xff\xe1": True, b"\x89PNG\r\n\x1a\n": True, b"GIF89a": True, b"RIFF\0\n\0\0WEBPVP8 ": True,
    b"\0\0\0\x18ftypheic": True, b"\0\0\0\x18ftypmif1": True, b"\0\0\0\x18ftypavif": True,
    b"\0\0\0\x18ftypisom": False, b"RIFF\0\n\0\0WAVEfmt ": False, b"%PDF-1.7": False, b"": False, b"\xff\xd8": False,
}  # fmt: skip


def test_a_picture_is_known_by_what_it_is(tmp_path):
    """Every kind of picture that the server cleans is told from other files by its first bytes, as the server does;
    without canvases, and for kinds that are seldom read, the page knows that the server may have to clean it.
    """
    assert all((kind_of(start + bytes(32)).value[0].startswith("image/")) == known for start, known in STARTS.items())

    async def tell(page):
        asked = """([method, starts]) =>
          Promise.all(starts.map((start) => pictures[method](new File([fromHex(start)], "f"))))"""
        starts = [start.hex() for start in STARTS]
        assert await page.evaluate(asked, ["isPicture", starts]) == list(STARTS.values())
        doubtful = await page.evaluate(asked, ["isDoubtful", starts])
        assert [start[:4] == b"GIF8" or start[8:] in (b"heic", b"mif1") for start in STARTS] == doubtful
        await page.evaluate("HTMLCanvasElement.prototype.getContext = () => null")
        assert await page.evaluate(asked, ["isDoubtful", starts]) == [True] * len(STARTS)
        assert await page.evaluate("clean", given(planted_jpeg(1))) is None

    in_page(tmp_path, tell)


def test_too_much_is_refused(tmp_path):
    """More than 20 MB, or more pixels than a telephone holds, is refused by the first bytes, before it is unpacked."""
    png = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + b"IHDR" + (50_000).to_bytes(4, "big") * 2 + bytes(9)
    frame = b"\xff\xc2\x00\x11\x08" + (60_000).to_bytes(2, "big") * 2
    jpeg = b"\xff\xd8\xff\xe1\x00\x08secret" + frame + bytes(12)

    async def tell(page):
        said = await page.evaluate(
            """async (bombs) => [
              ...await Promise.all(bombs.map((bomb) => refusal(clean(bomb)))),
              await refusal(pictures.cleanPicture(new File([new Uint8Array(20 * 2 ** 20 + 1)], "a"))),
            ]""",
            [given(png, "image/png"), given(jpeg)],
        )
        assert said == ["RangeError"] * 3

    in_page(tmp_path, tell)


def test_a_browser_that_hides_its_canvases_spoils_no_picture(tmp_path):
    """Where reading a canvas gives noise or white, as in Tor Browser, null is given; a small change is no harm."""

    async def tell(page):
        made = await page.evaluate(
            """async (picture) => {
              const honest = CanvasRenderingContext2D.prototype.getImageData, made = [];
              for (const change of [() => 255, () => Math.random() * 256, (value) => value ^ 1]) {
                CanvasRenderingContext2D.prototype.getImageData = function (...where) {
                  const read = honest.apply(this, where);
                  read.data.forEach((value, at) => { read.data[at] = change(value); });
                  return read;
                };
                made.push(await clean(picture) !== null);
              }
              return made;
            }""",
            given(planted_jpeg(1)),
        )
        assert made == [False, False, True]

    in_page(tmp_path, tell)


def test_the_modules_are_small():
    """The three modules stay below 12 KB of source, and load nothing but one another."""
    sources = [(STATIC / name).read_text() for name in MODULES]
    assert sum(len(source.encode()) for source in sources) < 12_000
    assert [line for source in sources for line in source.splitlines() if line.startswith("import")] == [
        'import { joined, seal, utf8 } from "./hpke.js";'
    ]
