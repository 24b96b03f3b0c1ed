// What the keys of a wedge scanner say, and whether they begin a scan. A scan is told by its first characters (AIM "]",
// ISBT 128 "=" and "&", the separator of GS1), never by how fast the keys come: a Bluetooth scanner may be slower than a
// hand. Where the scanner types for another keyboard than the terminal has, the same keys give other characters; they
// are known here only as far as it takes to keep them out of a field. What they were, the server says.

const separator = "\u001d"; // FNC1 of GS1: scanners press Ctrl and the key of "]" for it
const first = "=&]" + separator;

// Accents that wait for the next letter come without their character: it follows from the key.
const accents = { Equal: ["´", "`"], Backquote: ["^", "^"], BracketLeft: ["`", "^"], Quote: ["´", "¨"] };

// The beginnings of our labels through another layout, long enough that nobody types them: "=+0", "&/CH", a donation,
// "]d2" of a code of GS1; and the label of a plant that issues its own identifiers, "RB:", which begins like a word.
const canary = /(?:´`|¡¿|\)\])[0-9=à)]$|(?:\/-|7!|\^&)CH$|RB[:ÖÑM](?:CH|[0à]X)$|[+$]d[2é]$|[´¡)][A-ZÁÉÍÓÚÝÀÈÌÒÙ][0-9]{12}$/;
// In a number also what two keys of no number begin: "]d", "&/".
const numeric = /[+$][A-Za-z]$|7!$/;

const modifiers = ["Shift", "AltGraph", "CapsLock"];
const remembered = 14;
let typed = []; // the last keys that went into a field, each with what the field held before it

// character is what a key adds to a scan; nothing for a key that adds none.
export function character(event) {
  if (event.key === separator || (event.ctrlKey && !event.altKey && (event.code === "BracketRight" || event.key === "]"))) {
    return separator;
  }
  if (event.metaKey || (event.altKey && event.code.startsWith("Numpad"))) {
    return "";
  }
  if (event.ctrlKey && !event.getModifierState("AltGraph")) {
    return ""; // a command of the browser
  }
  if (event.key === "Dead") {
    return (accents[event.code] ?? ["´", "´"])[event.shiftKey ? 1 : 0];
  }
  return event.key.length === 1 ? event.key : "";
}

// begin is the text with which a scan begins at this key, and the place from which it came; nothing where a person types.
export function begin(event, char) {
  const target = event.target;
  if (char === "" || secret(target)) {
    typed = modifiers.includes(event.key) ? typed : [];
    return null;
  }
  if (!takesText(target)) {
    typed = [];
    return char === " " ? null : { text: char, origin: null }; // a blank presses a button
  }
  if (first.includes(char)) {
    typed = [];
    return { text: char, origin: target };
  }
  if (typed.length > 0 && typed[0].field !== target) {
    typed = [];
  }
  typed.push({ char, field: target, before: target.value });
  typed = typed.slice(-remembered);
  const text = typed.map((one) => one.char).join("");
  const number = target.dataset.keypad !== undefined;
  const found = canary.exec(text) ?? (number ? numeric.exec(text) : null);
  if (found) {
    return takenBack(found[0].length);
  }
  if (number && !/[\s0-9.,<>≤≥~+\-−]/.test(char)) {
    typed = [];
    return { text: char, origin: target }; // no number has such a character
  }
  return null;
}

// takenBack gives the field what it had before the scan began to type into it.
function takenBack(count) {
  const scan = typed.slice(-count);
  typed = [];
  const { field, before } = scan[0];
  if (field.value !== before) {
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return { text: scan.map((one) => one.char).join(""), origin: field };
}

// A password may begin with any character.
function secret(target) {
  return target instanceof HTMLInputElement && target.type === "password";
}

function takesText(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
}
