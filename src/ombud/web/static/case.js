// The keys of the console, and cases that follow each other without a whole new page.
// The page says which key does what (data-shortcut): this file knows none by itself. Without script
// every button and field is there all the same.
"use strict";

const CASES = "/cases/";
const spoken = document.createElement("p"); // it has to be there before anything is said in it
spoken.className = "spoken";
spoken.setAttribute("role", "status");
document.body.append(spoken);
const TYPED = "input:not([type=radio], [type=checkbox])"; // in which a letter is written
let busy = false; // while an answer is awaited no key does anything: nothing is decided unseen

// The letter where a Latin one was typed, else the key's place on the board (Zulip's rule): who
// writes Vietnamese or Cyrillic uses the same keys.
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const typed = event.key;
  if (/^[a-z]$/i.test(typed)) return event.shiftKey ? null : typed.toLowerCase();
  if (/^[!-~]$/.test(typed) && found(typed)) return typed;
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  if (place) return event.shiftKey ? null : place[1].toLowerCase();
  if (/^[\x00-\x7f]*$/.test(typed)) return null;
  if (event.code === "Period" && !event.shiftKey) return ".";
  if (event.code === "Slash") return event.shiftKey ? "?" : "/";
  return null;
}

function found(key) {
  return document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
}

function use(target) {
  const closed = target.closest("details:not([open])");
  if (closed) closed.open = true;
  if (target.matches("dialog")) target.showModal();
  else if (target.matches("button, a, summary")) target.click();
  else if (target.matches("input[type=radio]")) {
    target.click(); // it is chosen, and nothing is sent
    target.focus();
  }
  else target.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.repeat || event.defaultPrevented) return;
  if (event.target.closest(`${TYPED}, textarea, select, [contenteditable], dialog`)) return;
  const key = pressed(event);
  const target = key === null ? null : found(key);
  if (!target) return;
  event.preventDefault();
  if (!busy) use(target);
});

document.addEventListener("htmx:before:request", () => {
  busy = true;
});

document.addEventListener("htmx:finally:request", () => {
  busy = false;
});

// An answer that is no case (the queue, logging in) is opened as the page it is.
document.addEventListener("htmx:before:response", (event) => {
  const address = new URL(event.detail.ctx.response.raw.url);
  if (address.pathname.startsWith(CASES)) return;
  event.preventDefault();
  location.assign(address);
});

// Whoever hears the page is told what was done and which case this is, and stands at its heading.
document.addEventListener("htmx:after:swap", () => {
  const heading = document.getElementById("case");
  if (!heading) return;
  const told = document.querySelector("#content [role=alert], #content [role=status]");
  spoken.textContent =
    `${told ? told.textContent.trim() : ""} ${heading.textContent}`.trim();
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
});
