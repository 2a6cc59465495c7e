// Passkeys: hands a page's question to the browser, and the browser's answer to the page's form.
// Without script these forms stay hidden, and people come in by password. Nothing is sent anywhere
// but by the form itself.
"use strict";

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function question(told) {
  const asked = JSON.parse(told);
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const list of [asked.allowCredentials, asked.excludeCredentials]) {
    for (const each of list ?? []) each.id = bytes(each.id);
  }
  return { publicKey: asked };
}

function answer(found) {
  const response = {};
  for (const name of [
    "clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle",
  ]) {
    if (found.response[name]) response[name] = text(found.response[name]);
  }
  return JSON.stringify({
    id: found.id, rawId: text(found.rawId), type: found.type, response,
    clientExtensionResults: {},
  });
}

async function ask(form) {
  const asked = question(form.dataset.options);
  const how = navigator.credentials;
  return answer(await (form.dataset.passkey === "create" ? how.create(asked) : how.get(asked)));
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const told = form.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "";
    try {
      form.elements.credential.value = await ask(form);
    } catch {
      told.textContent = told.dataset.failed;
      return;
    }
    form.submit();
  });
}
