// A page renews one part of itself: the live demo every second, the wall twice a minute. It waits while
// somebody reads: while the pointer is over the stream or over a link, while focus or a selection is
// inside, while the tab is hidden. Who asked for less motion begins with it paused. Nothing is sent
// anywhere.
"use strict";

const live = document.getElementById("live");
const button = document.getElementById("pause");
const told = document.getElementById("told");
const everyMs = Number(live.dataset.every);
const from = live.dataset.from ?? location.href; // a part of this page, or the page itself

let paused = matchMedia("(prefers-reduced-motion: reduce)").matches;

function ended() {
  return live.querySelector("[data-done]")?.dataset.done === "yes";
}

function say(state) {
  const text = told.dataset[state];
  if (told.textContent !== text) told.textContent = text;
}

function reading() {
  const selection = getSelection();
  return (
    document.querySelector("#stream:hover, main a:hover, main summary:hover, footer:hover") ||
    live.contains(document.activeElement) ||
    (selection && !selection.isCollapsed && live.contains(selection.anchorNode))
  );
}

function swap(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = live.dataset.from ? page.body : page.getElementById("live");
  if (!fresh) throw new Error("another page"); // whoever asks is logged out
  for (const open of live.querySelectorAll("details[open]")) {
    fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  }
  live.replaceChildren(...fresh.childNodes);
}

function showButton() {
  button.hidden = ended();
  button.textContent = paused ? button.dataset.resume : button.dataset.pause;
}

async function renew() {
  if (ended()) return say("done");
  if (paused) return say("paused");
  if (document.hidden) return;
  if (reading()) return say("reading");
  try {
    const answer = await fetch(from, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (paused || reading()) return; // the reader was quicker than the answer
    swap(html);
    say(ended() ? "done" : "live");
    showButton();
  } catch {
    say("lost");
  }
}

async function run() {
  await renew();
  if (!ended()) setTimeout(run, everyMs);
}

button.addEventListener("click", () => {
  paused = !paused;
  showButton();
  say(paused ? "paused" : "live");
  if (!paused) renew();
});
showButton();
say(ended() ? "done" : paused ? "paused" : "live");
setTimeout(run, everyMs);
