// The keypad on the screen writes into the number of the page that was touched last; the terminal's own keyboard then
// stays away.

export function keypad() {
  const inputs = document.querySelectorAll("input[data-keypad]");
  const pad = document.querySelector(".keypad");
  if (inputs.length === 0) {
    return;
  }
  let input = [...inputs].find((one) => one.value === "") ?? inputs[0];
  if (!pad || !matchMedia("(pointer: coarse) and (min-width: 901px)").matches) {
    input.focus({ preventScroll: true });
    return;
  }
  pad.hidden = false;
  for (const one of inputs) {
    one.inputMode = "none";
    one.addEventListener("focus", () => (input = one));
  }
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
