// What an answer becomes before it is sent: words and files, sealed in the page where its question says for whom.

const FILE_LIMIT = 20 * 1024 * 1024;
const TEXT_LIMIT = 8000;
const SORTS = { image: "photo", video: "video", audio: "sound" };

// An answer that is not sent; `sentence` is the name of the data attribute that says why.
export class NotSent extends Error {
  constructor(sentence) { super(sentence); this.sentence = sentence; }
}

// What our newest question takes, as the page tells it. `readers`: id -> public key; null where nobody seals here.
// Words that answer it have `least` to `most` characters; 0: no such bound.
export function takesOf({ dataset: { files = 0, voice = 0, least = 0, most = 0, tip = "", readers = "" } }) {
  const [files_, voice_, least_, most_] = [files, voice, least, most].map(Number);
  return { files: files_, voice: voice_, least: least_, most: most_, tip, readers: readers && JSON.parse(readers) };
}

let asked;

// Whether this browser can seal.
export function canSeal() {
  asked ??= import("./hpke.js").then((hpke) => hpke.supported()).catch(() => false);
  return asked;
}

const utf8 = (text) => new TextEncoder().encode(text);

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();

// Whether these words are meant for the machine, which must read them: a command, a button's label, a number to choose
// by, a receipt (16 digits, or a few more or less by mistake). A telephone number is an answer.
export function isForUs(text, labels) {
  const said = folded(text);
  if (said.startsWith("/") || labels.some((label) => folded(label) === said)) return true;
  const digits = said.replace(/[\s.,_–—-]/g, "");
  return /^\d+$/.test(digits) && (digits.length < 4 || digits.length > 13);
}

// Puts words and one file (either may be missing) into a form. Returns lines to show of them in the page alone, each
// [text or the name of a data attribute's sentence]; none where the server shows what was sent.
export async function fill(data, text, file, takes, sealing) {
  for (const name of ["text", "file"]) data.delete(name);
  if (file && file.size > FILE_LIMIT) throw new NotSent("big");
  if (file && !file.size) throw new NotSent("hollow");
  if (!sealing) {
    data.append("text", text);
    if (file) data.append("file", file, "f"); // its name stays here
    return [];
  }
  if (text.length > TEXT_LIMIT) throw new NotSent("long");
  const ready = file && (await readied(file));
  const way = wayOfWords(text, ready, takes);
  if (way === "plain") data.append("text", text);
  if (way === "part") await append(data, takes, { sort: "words", mime: "text/plain", cleaned: true, where: "browser" }, utf8(text));
  const shown = text && way !== "plain" ? [{ text }] : [];
  if (!file) return shown;
  if (!ready) {
    data.append("file", file, "f");
    return [...shown, { sentence: "arrival" }];
  }
  await append(data, takes, way === "remark" ? { ...ready.header, said: text } : ready.header, ready.bytes);
  return [...shown, { sentence: ready.header.cleaned ? "cleaned" : "uncleaned" }];
}

// How words go: "part", sealed as the answer; "remark", sealed within the file they go along with; or "plain", where
// the house must read them to say why they are no answer here, or their file is cleaned on the server.
function wayOfWords(text, ready, { files, voice, least, most }) {
  const length = Array.from(text.normalize("NFC")).length;
  const isAnswer = voice || !files;
  if (text && isAnswer && length >= least && (!most || length <= most)) return "part";
  return text && ready && (!isAnswer || ready.header.sort === "sound") ? "remark" : "plain";
}

// A file as it is sealed: {header, bytes}. Null for a picture that can't be made anew here and would keep where it was
// taken: it goes as it is, and the server cleans it and seals it.
async function readied(file) {
  const { cleanPicture, isPicture } = await import("./pictures.js");
  try {
    const picture = await cleanPicture(file);
    if (picture) return { header: { sort: "photo", mime: "image/jpeg", cleaned: true, where: "browser" }, bytes: picture };
  } catch (error) {
    throw error instanceof RangeError ? new NotSent("picture") : error;
  }
  if (await isPicture(file)) return null;
  const mime = /^[\w.+-]{1,40}\/[\w.+-]{1,80}$/.test(file.type) ? file.type : "application/octet-stream";
  const header = { sort: SORTS[file.type.split("/")[0]] ?? "file", mime, cleaned: false, where: "browser" };
  return { header, bytes: new Uint8Array(await file.arrayBuffer()) };
}

// What is to be said of chosen files before they are sealed: whether one stays as it is, and whether one may have to
// be cleaned on the server.
export async function doubts(files) {
  if (!files.length) return { uncleaned: false, arriving: false };
  const { isPicture, isDoubtful } = await import("./pictures.js");
  const pictures = await Promise.all(files.map(isPicture));
  const doubtful = await Promise.all(files.filter((_, at) => pictures[at]).map(isDoubtful));
  return { uncleaned: pictures.includes(false), arriving: doubtful.includes(true) };
}

async function append(data, { tip, readers }, header, bytes) {
  const { newPart, partContent, sealTip } = await import("./seal.js");
  const part = newPart();
  if (!data.has("tip")) data.append("tip", tip);
  const { body, keys } = await sealTip(partContent(header, bytes), readers, tip, part);
  data.append("part", part);
  data.append("keys", JSON.stringify(keys));
  data.append("sort", header.sort);
  data.append("sealed", new Blob([body]), "s");
}

// Posts a form; `tell` hears how much of it has gone, in percent. {ok, text, ref}; rejects where there is no line.
export function post(url, data, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = ({ loaded, total }) => tell(Math.floor((100 * loaded) / total));
    request.onerror = request.onabort = request.ontimeout = () => reject(new NotSent("unreachable"));
    request.onload = () => resolve({
      ok: request.status >= 200 && request.status < 300,
      text: request.responseText,
      ref: request.getResponseHeader("Own-Message") ?? "",
    });
    request.send(data);
  });
}
