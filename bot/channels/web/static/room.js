// What a room gains with JavaScript: sending without leaving the page, news as they come, sealing before it is sent.

import { NotSent, canSeal, doubts, fill, isForUs, post, takesOf } from "./answer.js";

const html = document.documentElement;
const form = document.getElementById("say");

function leaveQuickly(event) {
  event.preventDefault();
  if (form) mark(true);
  document.body.replaceChildren();
  window.top.location.replace(event.currentTarget.href);
}
document.getElementById("exit")?.addEventListener("click", leaveQuickly);

if (form) enterRoom();
else document.querySelector("main form")?.addEventListener("submit", () => mark(false)); // a new conversation

// Tells cover.js, for this tab's life, that the conversation was left by the quick exit.
function mark(left) {
  try {
    if (left) sessionStorage.setItem("left", "1");
    else sessionStorage.removeItem("left");
  } catch { /* a browser that stores nothing */ }
}

function enterRoom() {
  html.classList.add("js");
  const log = document.getElementById("log");
  const text = document.getElementById("text");
  const status = document.getElementById("status");
  const problem = document.getElementById("problem");
  const replying = document.getElementById("replying");
  let seen = Number(document.getElementById("messages").dataset.seen);
  let stream = null;
  let timer = 0;
  let sending = false;
  let merged = 0;
  let atEnd = true;
  let placed = 0; // where we scrolled to; negative once the person has scrolled elsewhere
  let leaving = null; // while a room that was erased waits for the word that it was
  let takes = document.getElementById("takes");
  let takesAsTold = takes.outerHTML;
  let sealing = Promise.resolve(false);
  const own = new Map(); // what was sealed here, by its message's number: shown while this page is open, kept nowhere

  const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

  // The end, or the top of our newest message where it is the last and taller than the screen: a question is read first.
  function toNewest() {
    const last = document.getElementById("messages").lastElementChild;
    const end = log.scrollHeight - log.clientHeight;
    log.scrollTop = last?.classList.contains("ours") ? Math.min(end, last.offsetTop - 8) : end;
    placed = log.scrollTop;
    look();
  }

  function look() {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    if (Math.abs(log.scrollTop - placed) > 2) placed = -9; // the person has scrolled
  }

  log.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(() => {
    if (atEnd) log.scrollTop = log.scrollHeight; // a phone's keyboard: what was in view above it stays there
    else if (placed >= 0) toNewest();
  }).observe(log);

  function say(sentence) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  }

  // Puts the messages of `page` in place of ours, touching only those that differ: focus and what is read aloud stay.
  // `asked` is what `merged` was when the page was asked for: one that a newer page has overtaken takes nothing away.
  function merge(page, asked) {
    const news = page.getElementById("messages");
    if (!news) return false;
    if (asked !== merged && Number(news.dataset.seen) < seen) return true;
    merged += 1;
    const list = document.getElementById("messages");
    if (news.children.length) stay();
    else if (list.children.length) waitBlank();
    seen = Number(news.dataset.seen);
    const wanted = new Set(Array.from(news.children, (one) => one.id));
    for (const old of Array.from(list.children)) if (!wanted.has(old.id)) old.remove();
    let added = false;
    const follows = atEnd || placed >= 0;
    for (const one of Array.from(news.children)) {
      const old = document.getElementById(one.id);
      if (!old) { list.append(one); added = true; }
      else if (old.dataset.mark !== one.dataset.mark) old.replaceWith(one);
      else old.classList.toggle("last", one.classList.contains("last"));
    }
    for (const ref of own.keys()) if (!wanted.has(`m${ref}`)) own.delete(ref);
    showOwn();
    takeUp(page.getElementById("takes"));
    document.querySelector(".nothing")?.remove();
    if (added && follows) toNewest();
    return true;
  }

  // All was erased. That it was is said a moment later; where nothing is said, this is the first page again.
  function waitBlank() {
    leaving ??= { ask: setInterval(refresh, 1500), leave: setTimeout(() => location.reload(), 10000) };
    rest();
  }

  function stay() {
    if (!leaving) return;
    clearInterval(leaving.ask);
    clearTimeout(leaving.leave);
    leaving = null;
    rest();
  }

  function rest() { status.textContent = leaving ? form.dataset.erased : ""; }

  // What our newest question takes has changed: other inputs, other readers. Files that were chosen stay chosen.
  function takeUp(news) {
    if (!news || news.outerHTML === takesAsTold) return;
    takesAsTold = news.outerHTML;
    const chosen = chosenFiles();
    takes.replaceWith(news);
    takes = news;
    choose(chosen);
    setUp();
  }

  function setUp() {
    const { files, voice, readers } = takesOf(takes);
    text.required = !(files || voice);
    sealing = readers ? canSeal() : Promise.resolve(false);
    const told = takes;
    sealing.then((can) => {
      told.querySelector(".on-arrival")?.toggleAttribute("hidden", can);
      told.querySelector(".in-browser")?.toggleAttribute("hidden", !can);
      let looks = 0;
      const warn = async () => {
        const look = (looks += 1);
        const { uncleaned, arriving } = await doubts(can ? chosenFiles() : []);
        if (look !== looks) return; // other files were chosen meanwhile: what is said is of those
        told.querySelector(".uncleaned")?.toggleAttribute("hidden", !uncleaned);
        told.querySelector(".arriving")?.toggleAttribute("hidden", !arriving);
      };
      told.addEventListener("change", warn);
      warn();
    });
  }

  const chosenFiles = () => Array.from(takes.querySelector("[type=file]")?.files ?? []);

  function choose(files) {
    const input = takes.querySelector("[type=file]");
    if (!input) return;
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function showOwn() {
    for (const [ref, shown] of own) {
      const message = document.getElementById(`m${ref}`);
      if (!message || message.querySelector(".own")) continue;
      const box = document.createElement("div");
      box.className = "own";
      box.textContent = [form.dataset.kept, ...shown.map((line) => line.text ?? form.dataset[line.sentence])].join("\n");
      message.append(box);
    }
  }

  const parse = (words) => new DOMParser().parseFromString(words, "text/html");

  async function refresh() {
    const asked = merged;
    try {
      const answer = await fetch(form.dataset.room, { cache: "no-store" });
      const page = parse(await answer.text());
      if (!merge(page, asked)) say(page.getElementById("problem")?.textContent ?? form.dataset.unreachable);
      return answer.ok;
    } catch {
      return false;
    }
  }

  async function send(sent, submitter) {
    if (sending) return;
    sending = true;
    submitter?.setAttribute("aria-busy", "true");
    say("");
    try {
      if (sent === form) await sendAnswer();
      else await sendForm(sent, pressed(sent, submitter));
    } catch (error) {
      say(form.dataset[error instanceof NotSent ? error.sentence : "unreachable"]);
    } finally {
      sending = false;
      rest();
      submitter?.removeAttribute("aria-busy");
    }
  }

  function pressed(sent, submitter) {
    const data = new FormData(sent);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    return data;
  }

  // Words and files of the answer, each file in a form of its own; what was not sent stays to be sent again.
  async function sendAnswer() {
    let words = text.value.trim();
    const labels = Array.from(document.querySelectorAll(".choices button"), (button) => button.textContent);
    const forUs = Boolean(words) && isForUs(words, labels);
    let files = forUs ? [] : chosenFiles();
    const many = files.length;
    do {
      const now = takesOf(takes);
      if (files.length < many && !(now.files || now.voice)) throw new NotSent("many");
      const which = many > 1 ? ` ${many - files.length + 1}/${many}` : "";
      const here = !forUs && (await sealing);
      status.textContent = (here ? form.dataset.sealing : form.dataset.sending) + which;
      const data = new FormData(form);
      const shown = await fill(data, words, files[0], now, here);
      const ref = await sendForm(form, data, which);
      if (ref === null) return;
      if (shown.length) own.set(ref, shown);
      showOwn();
      if (words && text.value.trim() === words) text.value = "";
      words = "";
      reply("", "");
      grow();
      if (many) choose(files = files.slice(1));
    } while (files.length);
  }

  // The number of the person's message; null where it was not taken, and that is said.
  async function sendForm(sent, data, which = "") {
    const asked = merged;
    const url = new URL(sent.action);
    url.searchParams.set("fragment", "1");
    status.textContent = form.dataset.sending + which;
    const hasFile = data.has("file") || data.has("sealed");
    const tell = (percent) => { if (hasFile && percent < 100) status.textContent = `${form.dataset.uploading}${which} ${percent}%`; };
    const answer = await post(url, data, tell);
    const page = parse(answer.text);
    if (!answer.ok) {
      say(page.getElementById("problem")?.textContent ?? form.dataset.unreachable);
      refresh();
      return null;
    }
    sent.elements.key.value = freshKey();
    atEnd = true;
    merge(page, asked);
    toNewest();
    return answer.ref;
  }

  document.addEventListener("submit", (event) => {
    if (!("send" in event.target.dataset)) return;
    event.preventDefault();
    send(event.target, event.submitter);
    if (event.target === form && document.activeElement !== text) text.focus({ preventScroll: true });
  });

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (text.value.trim() || chosenFiles().length) form.requestSubmit(form.querySelector("button.main"));
  });

  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 3}px`;
  }
  text.addEventListener("input", grow);
  text.rows = 1;

  function reply(ref, quote) {
    form.elements.reply_to.value = ref;
    replying.querySelector("q").textContent = quote;
    replying.hidden = !ref;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply], #no-reply");
    if (!link) return;
    event.preventDefault();
    reply(link.dataset.reply ?? "", link.dataset.quote ?? "");
    text.focus();
  });

  function listen() {
    if (stream || document.hidden) return;
    const url = new URL(form.dataset.events, location.href);
    url.searchParams.set("since", seen);
    stream = new EventSource(url);
    stream.onopen = () => { if (!sending) rest(); };
    stream.onmessage = (event) => { if (Number(event.data) !== seen) refresh(); };
    stream.onerror = () => {
      if (!sending) status.textContent = form.dataset.lost;
      if (stream.readyState === EventSource.CLOSED) ask();
    };
  }

  // Where there is no stream to be had, asks now and then instead.
  function ask() {
    deafen();
    timer = setTimeout(async () => {
      if (await refresh()) rest();
      listen();
    }, 5000);
  }

  function deafen() {
    clearTimeout(timer);
    stream?.close();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return deafen();
    refresh();
    listen();
  });
  window.addEventListener("pagehide", deafen);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { refresh(); listen(); } });

  setUp();
  toNewest();
  listen();
}
