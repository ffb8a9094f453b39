// Pictures made anew in the page: nothing is left of where, when, with what and by whom they were taken.

const BYTES = 20 * 1024 * 1024;
const HEAD = 1024 * 1024; // a JPEG says its size behind what cameras put first: thumbnail, colour profile
const PIXELS = 100e6; // decoded, this takes 400 MB
const LONGEST_SIDE = 4096; // and so at most 16.8 million pixels, which is what a canvas can hold on old phones
const QUALITY = 0.9;

const PICTURE = /^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|....ftyp(?:hei[cmsx]|hev[cx]|mif1|msf1|avi[fs]))/s;
const GIF = /^GIF8/;
const FEW_READ = /^....ftyp(?:hei|hev|mif|msf)/s;

// Whether the server knows this for a picture, by what it is and not by what it is called: that one it can clean.
export async function isPicture(file) {
  return PICTURE.test(await startOf(file));
}

// Whether a picture may have to be cleaned on the server: this browser hides its canvases, or it is of a kind that
// stands still or can't be read here.
export async function isDoubtful(file) {
  const start = await startOf(file);
  return GIF.test(start) || FEW_READ.test(start) || !canvasesTellTheTruth();
}

const startOf = async (file) => String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));

// A picture as JPEG without metadata, upright, its longest side at most 4096; null for what this browser can't make
// anew (no picture, a GIF, canvases kept from being read).
// Throws RangeError for more than 20 MB or 100 million pixels: that is to be refused.
export async function cleanPicture(file) {
  if (file.size > BYTES) throw new RangeError("too many bytes");
  const start = await startOf(file);
  if (GIF.test(start) || !(PICTURE.test(start) || file.type.startsWith("image/"))) return null; // a GIF would stand still
  const [width, height] = sizeOf(new DataView(await file.slice(0, HEAD).arrayBuffer()));
  if (width * height > PIXELS) throw new RangeError("too many pixels");
  try {
    if (!canvasesTellTheTruth()) return null;
    return await drawnAnew(await createImageBitmap(file, { imageOrientation: "from-image" }));
  } catch {
    return null;
  }
}

async function drawnAnew(bitmap) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const [canvas, pen] = newCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  pen.fillStyle = "white"; // JPEG knows no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0; // gives the memory back at once
  return blob?.type === "image/jpeg" ? new Uint8Array(await blob.arrayBuffer()) : null;
}

// Tor Browser, and others that guard against being recognised, give noise or white for what a canvas holds: the
// picture would be lost without anybody's knowing. Two colours tell; some browsers change them a little, which is no harm.
function canvasesTellTheTruth() {
  const colours = [[200, 40, 90], [20, 160, 230]];
  const [, pen] = newCanvas(8, 8);
  try {
    colours.forEach((colour, half) => { pen.fillStyle = `rgb(${colour})`; pen.fillRect(4 * half, 0, 4, 8); });
    const { data } = pen.getImageData(0, 0, 8, 8);
    return data.every((value, at) => at % 4 === 3 || Math.abs(value - colours[at >> 4 & 1][at % 4]) < 8);
  } catch {
    return false; // no canvas at all
  }
}

function newCanvas(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, width), height: Math.max(1, height) });
  return [canvas, canvas.getContext("2d")];
}

// Width and height as a PNG or a JPEG says them, read before anything is unpacked; zeros for what is neither.
function sizeOf(bytes) {
  if (bytes.byteLength > 24 && bytes.getUint32(0) === 0x89504e47) return [bytes.getUint32(16), bytes.getUint32(20)];
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return [0, 0];
  for (let at = 2; at + 9 < bytes.byteLength && bytes.getUint8(at) === 0xff; at += 2 + bytes.getUint16(at + 2)) {
    const marker = bytes.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [bytes.getUint16(at + 7), bytes.getUint16(at + 5)];
  }
  return [0, 0];
}
