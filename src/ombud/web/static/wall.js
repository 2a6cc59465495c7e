// The wall renews its figures twice a minute. It waits while somebody reads: while focus or a
// selection is inside, or the tab is hidden. It can be stopped; who asked for less motion begins with
// it stopped. Nothing is sent anywhere.
"use strict";

const live = document.getElementById("live");
const button = document.getElementById("pause");
const told = document.getElementById("told");
const EVERY_MS = 30_000;

let paused = matchMedia("(prefers-reduced-motion: reduce)").matches;

function say(state) {
  const text = told.dataset[state];
  if (told.textContent !== text) told.textContent = text;
}

function reading() {
  const selection = getSelection();
  return (
    live.contains(document.activeElement) ||
    (selection && !selection.isCollapsed && live.contains(selection.anchorNode))
  );
}

function showButton() {
  button.hidden = false;
  button.textContent = paused ? button.dataset.resume : button.dataset.pause;
}

function swap(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  if (!fresh) throw new Error("not the wall");
  for (const open of live.querySelectorAll("details[open]")) {
    fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  }
  live.replaceChildren(...fresh.childNodes);
}

async function renew() {
  if (paused) return say("paused");
  if (document.hidden) return;
  if (reading()) return say("reading");
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (paused || reading()) return; // the reader was quicker than the answer
    swap(html);
    say("live");
  } catch {
    say("lost");
  }
}

button.addEventListener("click", () => {
  paused = !paused;
  showButton();
  say(paused ? "paused" : "live");
  if (!paused) renew();
});
showButton();
say(paused ? "paused" : "live");
setInterval(renew, EVERY_MS);
