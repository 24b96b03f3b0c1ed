// What is typed in a field and not yet confirmed is kept as a draft of its author: on the server, and, while the
// server cannot be reached or the session has ended, in this tab until its author is back. It is no value: only the
// person who typed it sees it again, and only their hand confirms it.

const pause = 300; // ms without a key
const again = 5000; // ms between two tries to send what is only here
const mark = "rexbatch-draft ";
const sent = "rexbatch-sent"; // names the text that went out with its form

let timer = 0;
let field = null; // a number or text, or the group of what is chosen or picked
let known = ""; // what the server has
let waiting = null; // the request under way
let retries = 0;

export function drafts() {
  settle();
  field = document.querySelector("[data-draft]");
  if (!field || !document.body.dataset.account) {
    return;
  }
  known = text();
  restore();
  if (typed()) {
    field.setSelectionRange(field.value.length, field.value.length); // one goes on where one stopped
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  });
  (field.form ?? field.closest("form"))?.addEventListener("submit", confirmed);
  addEventListener("pagehide", () => pending() && send());
  addEventListener("online", () => sessionStorage.getItem(key()) && send());
  retries = setInterval(() => sessionStorage.getItem(key()) && send(), again);
}

function typed() {
  return field.matches("input, textarea");
}

// text is what stands in the field: what is typed, the codes of what is chosen, or a moment with a mark for each part
// that is not picked yet.
function text() {
  if (typed()) {
    return field.value;
  }
  const picks = [...field.querySelectorAll("select")];
  if (picks.length === 0) {
    return [...field.querySelectorAll("input:checked")].map((one) => one.value).join(",");
  }
  if (picks.every((one) => one.value === "")) {
    return "";
  }
  const part = (name, blank) => picks.find((one) => one.name === name)?.value || blank;
  const day = [part("year", "____"), part("month", "__"), part("day", "__")].join("-");
  return picks.some((one) => one.name === "hour") ? day + "T" + part("hour", "__") + ":" + part("minute", "__") + part("offset", "") : day;
}

// put is the opposite of text.
function put(words) {
  if (typed()) {
    field.value = words;
    return;
  }
  const parts = /^(.{4})-(..)-(..)(?:T(..):(..)(.*))?$/.exec(words);
  for (const pick of field.querySelectorAll("select")) {
    const at = ["year", "month", "day", "hour", "minute", "offset"].indexOf(pick.name);
    pick.value = parts?.[at + 1]?.replaceAll("_", "") ?? "";
  }
  const codes = words.split(",");
  for (const one of field.querySelectorAll("input")) {
    one.checked = codes.includes(one.value);
  }
}

// flush sends at once what was typed last. It never takes long: the person waits for it.
export async function flush() {
  if (field && pending()) {
    await Promise.race([send(), new Promise((resolve) => setTimeout(resolve, 500))]);
  }
}

function pending() {
  return field && (text() !== known || waiting !== null);
}

function key() {
  return mark + document.body.dataset.account + " " + field.dataset.draft;
}

// What this tab kept comes back into the field of its author.
function restore() {
  const kept = sessionStorage.getItem(key());
  if (kept === null) {
    return;
  }
  if (kept === text()) {
    sessionStorage.removeItem(key());
    return;
  }
  put(kept);
  (typed() ? field : field.querySelector("input, select")).dispatchEvent(new Event("input", { bubbles: true }));
}

async function send() {
  clearTimeout(timer);
  const words = text();
  try {
    sessionStorage.setItem(key(), words); // first here: the answer may never come
  } catch {
    // No room: the server alone keeps it.
  }
  waiting?.abort();
  const asking = new AbortController();
  waiting = asking;
  let kept = false;
  try {
    const answer = await fetch("/api/v1" + field.dataset.draft, request(words, asking.signal));
    kept = answer.ok;
  } catch {
    if (asking.signal.aborted) {
      return; // a later one is on its way, or the field is confirmed
    }
  }
  waiting = null;
  if (kept) {
    known = words;
    sessionStorage.removeItem(key());
  }
  tell(kept, words);
}

function request(words, signal) {
  if (words === "") {
    return { method: "DELETE", keepalive: true, signal };
  }
  return { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text: words }), keepalive: true, signal };
}

function tell(kept, words) {
  const state = document.querySelector("[data-draft-state]");
  if (!state) {
    return;
  }
  state.hidden = words === "";
  state.classList.toggle("here", !kept);
  state.textContent = kept ? state.dataset.kept : state.dataset.here;
}

// The value itself is on its way: no draft may arrive after it. The text stays in this tab until a page shows that the
// value has arrived: the server may be gone before it answers.
function confirmed(event) {
  if (event.defaultPrevented) {
    return; // the server is gone: nothing went out
  }
  clearTimeout(timer);
  clearInterval(retries);
  waiting?.abort();
  waiting = null;
  known = text();
  try {
    sessionStorage.setItem(key(), known);
    sessionStorage.setItem(sent, key());
  } catch {
    // No room: the server alone keeps it.
  }
}

// settle forgets what was sent and has arrived: the field is no longer in hand.
function settle() {
  const was = sessionStorage.getItem(sent);
  sessionStorage.removeItem(sent);
  const now = document.querySelector("[data-draft]");
  if (was && !(now && was.endsWith(" " + now.dataset.draft)) && document.querySelector("[data-events]")) {
    sessionStorage.removeItem(was);
  }
}
