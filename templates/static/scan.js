// The page owns the keyboard: a wedge scanner types what it reads, wherever the focus is, and ends with Enter or Tab
// (screens, rule 5). Where no field has the focus, every key is of a scanner: lots and devices need no mark before
// their code. What was read goes to the form that waits for it. Where none does, the person is asked for which lot or
// device it was, or told that nothing waits: nothing is guessed.
import { begin, character } from "./keys.js";

const quiet = 1500; // ms without a key in a field: a person typed
const silent = 5000; // ms without a key and without a field: the scanner broke off, or sends no end
const short = 4; // characters: so little by itself was a key that somebody touched

let buffer = "";
let timer = 0;
let origin = null;

export function listen() {
  document.addEventListener("keydown", take, { capture: true });
  for (const close of document.querySelectorAll("[data-unasked] [data-close]")) {
    close.addEventListener("click", () => close.closest("dialog").close());
  }
}

function take(event) {
  const char = character(event);
  if (buffer === "") {
    if (document.querySelector("dialog[open][data-switch]")) {
      return; // a PIN
    }
    const scan = begin(event, char);
    if (!scan) {
      return;
    }
    origin = scan.origin;
    swallow(event);
    add(scan.text);
    return;
  }
  if (event.key === "Enter" || event.key === "Tab") {
    swallow(event);
    finish();
  } else if (char !== "") {
    swallow(event);
    add(char);
  } // Shift, and the like, between the characters
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

function add(text) {
  buffer += text;
  show(buffer);
  clearTimeout(timer);
  timer = setTimeout(giveBack, origin === null ? silent : quiet);
}

// What was typed by hand after all goes where it was meant to go: nothing typed is lost. Without a field it was a
// scanner that sends no end, or one that broke off: the form that waits for it says so.
function giveBack() {
  const text = emptied();
  if (origin instanceof HTMLInputElement || origin instanceof HTMLTextAreaElement) {
    origin.setRangeText(text, origin.selectionStart, origin.selectionEnd, "end");
    origin.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (text.length >= short) {
    deliver(text);
  }
}

function finish() {
  if (buffer.length < short) {
    giveBack();
  } else {
    deliver(emptied());
  }
}

// emptied is what was collected; nothing is left of it.
function emptied() {
  clearTimeout(timer);
  const text = buffer;
  buffer = "";
  show("");
  return text;
}

function deliver(text) {
  if (/^(?:\].\d)?RB[^A-Z0-9][BT]/i.test(text)) {
    return; // a badge at a terminal that knows none: its code opens something and goes nowhere
  }
  const forms = [...document.querySelectorAll("form[data-scan]")];
  const form = forms.find((f) => f.checkVisibility()) ?? forms[0]; // of several, the one that is unfolded
  const unasked = document.querySelector("[data-unasked]");
  const plain = /^(?:\].\d)?[A-Z0-9]+[^A-Z0-9\s][A-Z0-9]/i.test(text) && !/^(?:\].\d)?(?:7!|RB)/.test(text);
  const others = plain && !form?.hasAttribute("data-plain") ? [...(unasked?.querySelectorAll("form") ?? [])] : [];
  if (form && others.length === 0) {
    fill(form, text);
  } else if (unasked) {
    ask(unasked, others, text);
  }
}

// ask says that nothing waits for what was read, or asks for which of several it was. Its heading has the focus: the
// second Enter that some scanners send presses no button.
function ask(unasked, others, text) {
  unasked.querySelector("[data-read]").textContent = text;
  for (const part of unasked.querySelectorAll("form, [data-which]")) {
    part.hidden = others.length === 0;
  }
  unasked.querySelector("[data-none]").hidden = others.length > 0;
  for (const other of others) {
    other.elements.raw.value = text;
  }
  if (!unasked.open) {
    unasked.showModal();
  }
}

// A label begins with a mark; what begins like a word is the number of a box or of a seal.
const label = /^(?:\].\d)?(?:[^A-Z0-9]|7!|RB[^A-Z0-9])/i;

// sort puts each scan of a box where it belongs: labels of containers in their list, the first other code to the box where
// one is asked for, each further one to the seals.
function sort(form, text) {
  const { raw, box, seals } = form.elements;
  if (label.test(text)) {
    append(raw, text);
    return;
  }
  const code = text.replace(/^\].\d/, "");
  if (box && box.value === "") {
    box.value = code;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  } else {
    append(seals, code);
  }
}

function append(list, text) {
  if (list.value.split("\n").includes(text)) {
    return; // read twice
  }
  list.value = list.value === "" ? text : list.value.replace(/\n*$/, "\n") + text;
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function fill(form, text) {
  if (form.dataset.scan === "sort") {
    sort(form, text);
    return;
  }
  if (form.dataset.scan === "add") {
    append(form.elements.raw, text);
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
  emptied();
}

function show(text) {
  const live = document.querySelector(".scan-live");
  if (live) {
    live.textContent = text === "" ? "" : live.dataset.live + " " + text;
  }
}
