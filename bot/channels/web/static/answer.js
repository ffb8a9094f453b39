// What an answer becomes before it is sent: words and files, sealed in the page where its question says for whom.

const FILE_LIMIT = 20 * 1024 * 1024;
const TEXT_LIMIT = 8000;
const SORTS = { image: "photo", video: "video", audio: "sound" };

// An answer that is not sent; `sentence` is the name of the data attribute that says why.
export class NotSent extends Error {
  constructor(sentence) { super(sentence); this.sentence = sentence; }
}

// What our newest question takes, as the page tells it. `readers`: id -> public key; null where nobody seals here.
export function takesOf({ dataset: { files = 0, voice = 0, tip = "", readers = "" } }) {
  return { files: Number(files), voice: Number(voice), tip, readers: readers && JSON.parse(readers) };
}

let asked;

// Whether this browser can seal.
export function canSeal() {
  asked ??= import("./hpke.js").then((hpke) => hpke.supported()).catch(() => false);
  return asked;
}

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
  if (!sealing) {
    data.append("text", text);
    if (file) data.append("file", file, "f"); // its name stays here
    return [];
  }
  if (text.length > TEXT_LIMIT) throw new NotSent("long");
  data.append("tip", takes.tip);
  const shown = [];
  if (text) {
    const words = new TextEncoder().encode(text);
    await append(data, takes, { sort: "words", mime: "text/plain", cleaned: true, where: "browser" }, words);
    shown.push({ text });
  }
  if (file) shown.push({ sentence: (await appendFile(data, takes, file)) ? "cleaned" : "uncleaned" });
  return shown;
}

async function appendFile(data, takes, file) {
  const sort = SORTS[file.type.split("/")[0]] ?? "file";
  const picture = sort === "photo" ? await madeAnew(file) : null;
  const known = /^[\w.+-]{1,40}\/[\w.+-]{1,80}$/.test(file.type) ? file.type : "application/octet-stream";
  const header = { sort, mime: picture ? "image/jpeg" : known, cleaned: Boolean(picture), where: "browser" };
  await append(data, takes, header, picture ?? new Uint8Array(await file.arrayBuffer()));
  return header.cleaned;
}

async function madeAnew(file) {
  const { cleanPicture } = await import("./pictures.js");
  try {
    return await cleanPicture(file);
  } catch (error) {
    throw error instanceof RangeError ? new NotSent("picture") : error;
  }
}

async function append(data, { tip, readers }, header, bytes) {
  const { newPart, partContent, sealTip } = await import("./seal.js");
  const part = newPart();
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
