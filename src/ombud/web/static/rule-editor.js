// The editor of rules: while one types, the form's own check is asked, and what it says is put where
// it stands on the page. Nothing else changes, nothing moves away from under the cursor, and without
// script the button does the same.
"use strict";

const WAIT = 700; // milliseconds without a key

const editor = document.getElementById("editor");
const text = document.getElementById("text");
let timer = 0;
let asked = null;

function said(words) {
  const status = document.getElementById("checked-status");
  if (status.textContent !== words) status.textContent = words;
}

async function check() {
  asked?.abort();
  asked = new AbortController();
  const about = text.value;
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(editor)) sent.append(name, value);
  sent.set("do", "check");
  try {
    const answer = await fetch(editor.getAttribute("action"), {
      method: "POST", body: sent, signal: asked.signal, redirect: "error",
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("checked");
    if (text.value !== about) return; // a later check is on its way
    if (!found) throw new Error("no answer");
    document.getElementById("checked").replaceChildren(...found.childNodes);
    said(page.getElementById("checked-status").textContent);
  } catch (failure) {
    if (failure.name !== "AbortError") said(editor.dataset.failed);
  }
}

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, WAIT);
});
