// What a room gains with JavaScript: sending without leaving the page, and news as they come.

const html = document.documentElement;
const form = document.getElementById("say");

function leaveQuickly(event) {
  event.preventDefault();
  document.body.replaceChildren();
  window.top.location.replace(event.currentTarget.href);
}
document.getElementById("exit")?.addEventListener("click", leaveQuickly);

if (form) enterRoom();

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

  const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

  const toEnd = () => { log.scrollTop = log.scrollHeight; };

  log.addEventListener("scroll", () => { atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80; }, { passive: true });
  new ResizeObserver(() => { if (atEnd) toEnd(); }).observe(log);

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
    if (!news.children.length && list.children.length) { location.reload(); return true; }
    seen = Number(news.dataset.seen);
    const wanted = new Set(Array.from(news.children, (one) => one.id));
    for (const old of Array.from(list.children)) if (!wanted.has(old.id)) old.remove();
    let added = false;
    for (const one of Array.from(news.children)) {
      const old = document.getElementById(one.id);
      if (!old) { list.append(one); added = true; }
      else if (old.dataset.mark !== one.dataset.mark) old.replaceWith(one);
      else old.classList.toggle("last", one.classList.contains("last"));
    }
    document.querySelector(".nothing")?.remove();
    if (added && atEnd) toEnd();
    return true;
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
    const asked = merged;
    const data = new FormData(sent);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    submitter?.setAttribute("aria-busy", "true");
    status.textContent = form.dataset.sending;
    say("");
    try {
      const url = new URL(sent.action);
      url.searchParams.set("fragment", "1");
      const answer = await fetch(url, { method: "POST", body: data });
      const page = parse(await answer.text());
      if (answer.ok) {
        sent.elements.key.value = freshKey();
        if (sent === form) { text.value = ""; reply("", ""); grow(); }
        atEnd = true;
        merge(page, asked);
        toEnd();
      } else {
        say(page.getElementById("problem")?.textContent ?? form.dataset.unreachable);
      }
    } catch {
      say(form.dataset.unreachable);
    } finally {
      sending = false;
      status.textContent = "";
      submitter?.removeAttribute("aria-busy");
    }
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
    if (text.value.trim()) form.requestSubmit(form.querySelector("button.main"));
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
    stream.onopen = () => { status.textContent = ""; };
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
      if (await refresh()) status.textContent = "";
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

  toEnd();
  listen();
}
