// A badge that is scanned anywhere on a page of a registered terminal opens a pad for the PIN over the page. The
// badge only says who; the PIN opens the session, and the page stays where it was. What the former person typed is
// kept as their draft before they leave.
import { flush } from "./draft.js";
import { forget } from "./scan.js";

// The mark of a badge. A scanner with another keyboard layout turns its hyphens into something else: the server
// then says so. It is told from typing by its characters, not by how fast they come.
const mark = /rb([^a-z0-9\s])b\1$/i;
const length = 5;
const quiet = 1500; // ms without a key: that was all

let recent = []; // the last keys, each with what its field held before it
let code = "";
let timer = 0;
let pad = null;
let swallowed = false; // the key that is down belongs to a badge
let identified = 0; // counts scans, so that a late answer about an earlier badge is not shown

export function badge() {
  pad = document.querySelector("[data-switch]");
  if (!pad) {
    return;
  }
  addEventListener("keydown", take, { capture: true });
  addEventListener("keypress", (event) => swallowed && swallow(event), { capture: true });
  const form = pad.querySelector("form");
  form.addEventListener("submit", enter);
  pad.querySelector("[data-leave]").addEventListener("click", leave);
  pad.addEventListener("close", () => (form.elements.pin.value = ""));
  keys(form);
}

function take(event) {
  swallowed = false;
  if (event.ctrlKey || event.metaKey || (event.altKey && event.key.length !== 1)) {
    return;
  }
  if (code !== "") {
    collect(event);
    return;
  }
  if (event.key.length !== 1) {
    if (event.key === "Enter") {
      recent = [];
    }
    return;
  }
  recent.push({ key: event.key, field: event.target, before: event.target.value });
  recent = recent.slice(-length);
  const typed = recent.map((one) => one.key).join("");
  if (mark.test(typed)) {
    swallow(event);
    giveBack();
    forget();
    code = typed;
    timer = setTimeout(finish, quiet);
  }
}

function collect(event) {
  if (event.key === "Enter") {
    swallow(event);
    finish();
  } else if (event.key.length === 1) {
    swallow(event);
    code += event.key;
    clearTimeout(timer);
    timer = setTimeout(finish, quiet);
  }
}

function swallow(event) {
  swallowed = true;
  event.preventDefault();
  event.stopImmediatePropagation();
}

// The field in which the scanner happened to type has what it had before.
function giveBack() {
  const { field, before } = recent[0];
  recent = [];
  if (before !== undefined && field.value !== before) {
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function finish() {
  clearTimeout(timer);
  const read = code;
  code = "";
  open(read);
}

async function open(read) {
  const form = pad.querySelector("form");
  const who = pad.querySelector("[data-who]");
  const mine = ++identified;
  form.elements.badge.value = read;
  form.elements.pin.value = "";
  who.replaceChildren();
  if (!pad.open) {
    pad.showModal();
  }
  form.elements.pin.focus();
  flush();
  try {
    const answer = await fetch("/switch/badge", { method: "POST", body: new URLSearchParams({ badge: read }) });
    if (mine === identified) {
      who.innerHTML = await answer.text();
    }
  } catch {
    failed();
  }
}

async function enter(event) {
  event.preventDefault();
  const form = event.target;
  const act = form.querySelector("button.act");
  if (act.disabled) {
    return;
  }
  const words = act.textContent;
  act.disabled = true;
  act.textContent = act.dataset.busy;
  await flush();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      go(form.elements.return.value);
      return;
    }
    refused(await answer.text());
  } catch {
    failed();
  }
  act.disabled = false;
  act.textContent = words;
  form.elements.pin.value = "";
  form.elements.pin.focus();
}

// The same page, for the person who is here now.
function go(path) {
  location.replace(path);
}

function refused(page) {
  const problem = new DOMParser().parseFromString(page, "text/html").querySelector(".problem");
  pad.querySelector("[data-who]").replaceChildren(...(problem ? [document.importNode(problem, true)] : []));
}

function failed() {
  pad.querySelector("[data-who]").replaceChildren(pad.querySelector("[data-failed]").content.cloneNode(true));
}

function leave() {
  identified++;
  pad.close();
}

// The keys on the screen are for gloves; a keyboard works as well.
function keys(form) {
  const input = form.elements.pin;
  const pinkeys = pad.querySelector("[data-pinkeys]");
  pinkeys.hidden = false;
  if (matchMedia("(pointer: coarse)").matches) {
    input.inputMode = "none";
  }
  pinkeys.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) {
      return;
    }
    if (key === "clear") {
      input.value = "";
    } else if (key === "back") {
      input.value = input.value.slice(0, -1);
    } else if (input.value.length < input.maxLength) {
      input.value += key;
    }
    input.focus();
  });
}
