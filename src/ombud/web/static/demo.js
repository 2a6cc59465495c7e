// The live demo renews one part of its page every second. It waits while somebody reads: while the
// pointer is over the stream or over a link, while focus or a selection is inside, while the tab is
// hidden. Who asked for less motion begins with it paused. Nothing is sent anywhere.
"use strict";

const live = document.getElementById("live");
const button = document.getElementById("pause");
const told = document.getElementById("told");
const EVERY_MS = 1000;

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
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
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
    const answer = await fetch(live.dataset.from, { cache: "no-store" });
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
  if (!ended()) setTimeout(run, EVERY_MS);
}

button.addEventListener("click", () => {
  paused = !paused;
  showButton();
  say(paused ? "paused" : "live");
});
showButton();
run();
