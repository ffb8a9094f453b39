// Before a conversation is shown: whether it was left by the quick exit, and is now come back to by "Back".
// Loaded before the page is painted; room.js sets the mark.

const LEFT = "left";
const html = document.documentElement;

function wasLeft() {
  try { return sessionStorage.getItem(LEFT) !== null; } catch { return false; }
}

html.classList.toggle("covered", wasLeft());

document.addEventListener("DOMContentLoaded", () => {
  const { title } = document;
  if (html.classList.contains("covered")) document.title = document.getElementById("cover").dataset.title;
  document.getElementById("uncover").addEventListener("click", () => {
    sessionStorage.removeItem(LEFT);
    document.title = title;
    html.classList.remove("covered");
    document.getElementById("text").focus({ preventScroll: true });
  });
});

// A page that the browser kept as it was: leaving has emptied it.
window.addEventListener("pageshow", (event) => { if (event.persisted && wasLeft()) location.reload(); });
