// What is typed in a field and not yet confirmed is kept as a draft of its author: on the server, and, while the
// server cannot be reached or the session has ended, in this tab until its author is back. It is no value: only the
// person who typed it sees it again, and only their hand confirms it.

const pause = 300; // ms without a key
const again = 5000; // ms between two tries to send what is only here

let timer = 0;
let input = null;
let known = ""; // what the server has
let waiting = null; // the request under way

export function drafts() {
  input = document.querySelector("[data-draft]");
  if (!input || !document.body.dataset.account) {
    return;
  }
  known = input.value;
  restore();
  input.setSelectionRange(input.value.length, input.value.length); // one goes on where one stopped
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  });
  input.form?.addEventListener("submit", confirmed);
  addEventListener("pagehide", () => pending() && send());
  addEventListener("online", () => sessionStorage.getItem(key()) && send());
  setInterval(() => sessionStorage.getItem(key()) && send(), again);
}

// flush sends at once what was typed last. It never takes long: the person waits for it.
export async function flush() {
  if (input && pending()) {
    await Promise.race([send(), new Promise((resolve) => setTimeout(resolve, 500))]);
  }
}

function pending() {
  return input && (input.value !== known || waiting !== null);
}

function key() {
  return "rexbatch-draft " + document.body.dataset.account + " " + input.dataset.draft;
}

// What this tab kept comes back into the field of its author.
function restore() {
  const kept = sessionStorage.getItem(key());
  if (kept === null) {
    return;
  }
  if (kept === input.value) {
    sessionStorage.removeItem(key());
    return;
  }
  input.value = kept;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

async function send() {
  clearTimeout(timer);
  const text = input.value;
  try {
    sessionStorage.setItem(key(), text); // first here: the answer may never come
  } catch {
    // No room: the server alone keeps it.
  }
  waiting?.abort();
  const asking = new AbortController();
  waiting = asking;
  let kept = false;
  try {
    const answer = await fetch("/api/v1" + input.dataset.draft, request(text, asking.signal));
    kept = answer.ok;
  } catch {
    if (asking.signal.aborted) {
      return; // a later one is on its way, or the field is confirmed
    }
  }
  waiting = null;
  if (kept) {
    known = text;
    sessionStorage.removeItem(key());
  }
  tell(kept, text);
}

function request(text, signal) {
  if (text === "") {
    return { method: "DELETE", keepalive: true, signal };
  }
  return { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }), keepalive: true, signal };
}

function tell(kept, text) {
  const state = document.querySelector("[data-draft-state]");
  if (!state) {
    return;
  }
  state.hidden = text === "";
  state.classList.toggle("here", !kept);
  state.textContent = kept ? state.dataset.kept : state.dataset.here;
}

// The value itself is on its way: no draft may arrive after it.
function confirmed() {
  clearTimeout(timer);
  waiting?.abort();
  waiting = null;
  known = input.value;
  sessionStorage.removeItem(key());
}
