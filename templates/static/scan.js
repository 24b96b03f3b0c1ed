// A wedge scanner types what it reads, wherever the focus is, and ends with Enter. The page owns the keyboard: a
// label is told from typing by its first character (ISBT 128 "=" and "&", AIM "]"), not by how fast the keys come,
// because a Bluetooth scanner may be slower than a hand. Codes of lots and devices begin with a letter: they are taken
// where the page waits for one and the keys go to no field.

const first = "=&]";
const quiet = 1500; // ms without a key: that was no scanner

let buffer = "";
let timer = 0;
let origin = null;

export function listen() {
  document.addEventListener("keydown", take, { capture: true });
}

function take(event) {
  if (event.ctrlKey || event.altKey && event.key.length !== 1 || event.metaKey) {
    return;
  }
  if (buffer === "" && (event.key.length !== 1 || secret(event.target) || !begins(event))) {
    return;
  }
  if (event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    finish();
    return;
  }
  if (event.key.length !== 1) {
    return; // Shift, and the like, between the characters
  }
  event.preventDefault();
  event.stopPropagation();
  if (buffer === "") {
    origin = event.target;
  }
  buffer += event.key;
  show(buffer);
  clearTimeout(timer);
  timer = setTimeout(giveBack, quiet);
}

function begins(event) {
  return first.includes(event.key) || (/[a-z0-9]/i.test(event.key) && !event.target.matches("input, textarea, select") && document.querySelector("form[data-plain]") !== null);
}

// A password may begin with any character.
function secret(target) {
  return target instanceof HTMLInputElement && target.type === "password";
}

// What was typed by hand after all goes where it was meant to go: nothing typed is lost.
function giveBack() {
  const text = buffer;
  buffer = "";
  show("");
  if (origin instanceof HTMLInputElement || origin instanceof HTMLTextAreaElement) {
    origin.setRangeText(text, origin.selectionStart, origin.selectionEnd, "end");
    origin.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function finish() {
  clearTimeout(timer);
  const text = buffer;
  buffer = "";
  const form = document.querySelector("form[data-scan]");
  if (!form) {
    show("");
    return;
  }
  form.elements.raw.value = text;
  if (form.dataset.scan === "submit") {
    form.requestSubmit();
  } else {
    form.elements.raw.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// What was collected was no label: a badge, which another part of the page has recognised.
export function forget() {
  clearTimeout(timer);
  buffer = "";
  show("");
}

function show(text) {
  const live = document.querySelector(".scan-live");
  if (live) {
    live.textContent = text === "" ? "" : live.dataset.live + " " + text;
  }
}
