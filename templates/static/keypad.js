// The keypad on the screen writes into the number of the page; the terminal's own keyboard then stays away.

export function keypad() {
  const input = document.querySelector("input[data-keypad]");
  const pad = document.querySelector(".keypad");
  if (!input || !pad || !matchMedia("(pointer: coarse) and (min-width: 901px)").matches) {
    if (input) {
      input.focus({ preventScroll: true });
    }
    return;
  }
  pad.hidden = false;
  input.inputMode = "none";
  input.focus({ preventScroll: true });
  input.setSelectionRange(input.value.length, input.value.length);
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) {
      return;
    }
    press(input, key);
    input.focus({ preventScroll: true });
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function press(input, key) {
  if (key === "clear") {
    input.value = "";
    return;
  }
  const start = input.selectionStart;
  const end = input.selectionEnd;
  if (key === "back") {
    input.setRangeText("", start === end ? Math.max(0, start - 1) : start, end, "end");
    return;
  }
  if (input.value.length - (end - start) < input.maxLength) {
    input.setRangeText(key, start, end, "end");
  }
}
