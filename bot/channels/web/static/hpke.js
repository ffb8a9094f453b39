// HPKE (RFC 9180): base mode, one shot, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, by WebCrypto alone.
// Bytes are Uint8Array, private keys CryptoKeys with the use "deriveBits" (they need not be extractable).

const KEM = Uint8Array.of(0x4b, 0x45, 0x4d, 0, 0x20); // "KEM", X25519
const SUITE = Uint8Array.of(0x48, 0x50, 0x4b, 0x45, 0, 0x20, 0, 1, 0, 1); // "HPKE", X25519, HKDF-SHA256, AES-128-GCM
const NONE = new Uint8Array();
const ENC = 32;
const NINE = Uint8Array.of(9, ...new Uint8Array(31)); // X25519's base point

export const utf8 = (text) => new TextEncoder().encode(text);

export function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) { whole.set(piece, at); at += piece.length; }
  return whole;
}

// `enc (32) | ciphertext`. `ephemeral`, a private key, is given only where a published example is done again.
export async function seal(publicKey, plain, info, { ephemeral, aad = NONE } = {}) {
  const own = ephemeral ?? (await crypto.subtle.generateKey("X25519", false, ["deriveBits"])).privateKey;
  const enc = await publicOf(own);
  const [key, iv] = await schedule(await exchange(own, publicKey), enc, publicKey, info);
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: aad }, key, plain);
  return joined(enc, new Uint8Array(ciphertext));
}

// What `seal` was given. Throws for another key or info, and for what has been changed.
export async function open(privateKey, sealed, info, { aad = NONE } = {}) {
  const enc = sealed.slice(0, ENC);
  const [key, iv] = await schedule(await exchange(privateKey, enc), enc, await publicOf(privateKey), info);
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: aad }, key, sealed.slice(ENC)),
  );
}

let tried;

// Whether this browser can do all of the above; tried once. Without https (or a loopback address) it can't.
export function supported() {
  tried ??= trial().catch(() => false);
  return tried;
}

async function trial() {
  const { privateKey } = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
  const sealed = await seal(await publicOf(privateKey), Uint8Array.of(1), NONE);
  return (await open(privateKey, sealed, NONE))[0] === 1;
}

// A private key times the base point: so it need not be extractable.
const publicOf = (privateKey) => exchange(privateKey, NINE);

async function exchange(privateKey, publicKey) {
  const point = await crypto.subtle.importKey("raw", publicKey, "X25519", false, []);
  const secret = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: point }, privateKey, 256));
  // RFC 9180, section 7.1.4: a point of low order yields a secret that everybody knows.
  if (!secret.some(Boolean)) throw new RangeError("no public key");
  return secret;
}

// RFC 9180, sections 4.1 and 5.1: the AES key and the nonce of the first and only message.
async function schedule(secret, enc, publicKey, info) {
  const kem = await extract(KEM, NONE, "eae_prk", secret);
  const shared = await expand(KEM, kem, "shared_secret", joined(enc, publicKey), 32);
  const ids = [await extract(SUITE, NONE, "psk_id_hash", NONE), await extract(SUITE, NONE, "info_hash", info)];
  const context = joined(Uint8Array.of(0), ...ids);
  const prk = await extract(SUITE, shared, "secret", NONE);
  const key = await expand(SUITE, prk, "key", context, 16);
  return [
    await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]),
    await expand(SUITE, prk, "base_nonce", context, 12),
  ];
}

const labeled = (suite, label) => joined(utf8("HPKE-v1"), suite, utf8(label));

// WebCrypto's HKDF does both steps at once, HPKE wants each alone. No salt is 32 zeros (RFC 5869, section 2.2).
const extract = (suite, salt, label, ikm) =>
  hmac(salt.length ? salt : new Uint8Array(32), joined(labeled(suite, label), ikm));

// `length` is at most 32: the one block that SHA-256 gives.
async function expand(suite, prk, label, info, length) {
  const told = joined(Uint8Array.of(0, length), labeled(suite, label), info, Uint8Array.of(1));
  return (await hmac(prk, told)).slice(0, length);
}

async function hmac(key, text) {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const ready = await crypto.subtle.importKey("raw", key, hash, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", ready, text));
}
