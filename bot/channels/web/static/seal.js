// Sealing a tip in the citizen's browser, byte for byte as bot/storage/seal.py says it.

import { joined, seal, utf8 } from "./hpke.js";

const VERSION = Uint8Array.of(1);
const SMALLEST_STEP = 1024;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

// `content` sealed to all of `readers` (id -> public key in base64), as `part` (see newPart) of `tip`:
// {body, keys}, `keys` being id -> sealed content key in base64. Throws for no reader and for a bad public key.
export async function sealTip(content, readers, tip, part) {
  const about = utf8(`${tip}/${part}`);
  const contentKey = crypto.getRandomValues(new Uint8Array(32));
  const sealKey = async ([id, key]) => [id, await sealedKey(key, contentKey, about)];
  const keys = await Promise.all(Object.entries(readers).map(sealKey));
  if (!keys.length) throw new RangeError("nobody could ever read it");
  return { body: await sealedBody(contentKey, content, about), keys: Object.fromEntries(keys) };
}

// What a part holds, as bot/storage/contents.py reads it: `length (4) | header as JSON | bytes`. The header: `sort`
// ("words", "photo", "video", "sound" or "file"), `mime`, `cleaned` (a boolean), `where` ("browser"). Words are UTF-8.
export function partContent(header, bytes) {
  const told = utf8(JSON.stringify(header));
  return joined(bigEndian(told.length), told, bytes);
}

// A new part's id, as bot/chance.py makes one: 26 characters of a-z and 2-7, 130 bits. Nothing in it tells who made it.
export function newPart() {
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), (byte) => LETTERS[byte & 31]).join("");
}

// `length (4) | content | zeros` to a whole number of steps: with the bit length b of what is before the zeros, a step
// is 2^(b - 5), at least 1024.
export function padded(content) {
  const whole = 4 + content.length;
  const step = Math.max(SMALLEST_STEP, 2 ** (32 - Math.clz32(whole) - 5));
  const stuffed = new Uint8Array(Math.ceil(whole / step) * step);
  stuffed.set(bigEndian(content.length));
  stuffed.set(content, 4);
  return stuffed;
}

async function sealedKey(publicKey, contentKey, about) {
  const sealed = joined(VERSION, await seal(fromBase64(publicKey), contentKey, info("tip key", about)));
  return btoa(String.fromCharCode(...sealed));
}

async function sealedBody(contentKey, content, about) {
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: info("tip", about) };
  return joined(VERSION, iv, new Uint8Array(await crypto.subtle.encrypt(how, key, padded(content))));
}

const info = (purpose, about) => joined(utf8(`tinbao 1 ${purpose}\0`), about);

const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function bigEndian(number) {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, number);
  return four;
}
