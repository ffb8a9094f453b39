// What the demo's page gains with JavaScript: the clock and the unit change without loading the page again.

document.documentElement.classList.add("js");
const clock = document.getElementById("clock");
const time = document.getElementById("time");
const unit = document.getElementById("unit");
let moving = false;

async function take(request) {
  const page = new DOMParser().parseFromString(await (await request).text(), "text/html");
  const now = page.getElementById("time");
  if (now) time.textContent = now.textContent;
  return page;
}

clock.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (moving) return;
  moving = true;
  const data = new FormData(clock);
  data.append("to", event.submitter.value);
  const before = time.textContent;
  time.textContent = time.dataset.moving;
  try {
    await take(fetch(clock.action, { method: "POST", body: data }));
    if (time.textContent === time.dataset.moving) time.textContent = before;
  } catch {
    time.textContent = time.dataset.unreachable;
  }
  moving = false;
});

unit.addEventListener("change", async () => {
  const url = new URL(location.href);
  url.searchParams.set("unit", unit.value);
  const page = await take(fetch(url));
  document.getElementById("unit-room").src = page.getElementById("unit-room").getAttribute("src");
  document.getElementById("clock-unit").value = unit.value;
  history.replaceState(null, "", url);
});

setInterval(() => { if (!document.hidden && !moving) take(fetch(location.href)).catch(() => {}); }, 30000);
