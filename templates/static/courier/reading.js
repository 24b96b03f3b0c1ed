// Reading one code at a time, by camera or by hand.
import { button, el, problem, show, w } from "./view.js";

let stopCamera = null;

// read asks for one code by camera or by hand. accept says true when it has what it needs, otherwise why not, or nothing
// where there is no need for words: the camera still looks at the code before.
export function reading({ title, hint, accept, head, back }) {
  endCamera();
  const video = el("video", { playsinline: true, muted: true, "aria-label": w("camera") });
  const typed = el("input.mono", { id: "typed", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 200 });
  const fault = el("p.problem", { role: "alert", hidden: true });
  let over = false;
  let turn = Promise.resolve();
  let waiting = 0;
  const look = async (text, hand) => {
    if (over || !text) {
      return;
    }
    let why;
    try {
      why = await accept(text, hand);
    } catch (err) { // and the next code is read all the same
      why = w("not-kept", { why: err.message });
      if (!fault.isConnected) {
        document.querySelector("[data-view]").prepend(problem(why));
      }
    }
    over = why === true; // otherwise it is not what is asked for, and the camera goes on
    if (why && !over) {
      fault.textContent = why;
      fault.hidden = false;
      if (hand) {
        typed.select();
      }
    }
  };
  // One at a time. What the camera reads meanwhile it reads again; what a person typed is never dropped.
  const take = (text, hand) => {
    if (hand || waiting === 0) {
      waiting++;
      turn = turn.then(() => look(text, hand)).finally(() => waiting--);
    }
  };
  show(
    head(), el("h1", {}, title), el("p", {}, hint), fault, el("div.camera", {}, video),
    el("form", { onsubmit: (e) => { e.preventDefault(); take(typed.value.trim(), true); } },
      el("label", { for: "typed" }, w("type-code")), typed, el("button", { type: "submit" }, w("use-typed"))),
    button(w("back"), back),
  );
  import("./camera.js").then(async ({ watch }) => {
    const end = await watch(video, (text) => take(text, false));
    if (over || !video.isConnected) {
      end();
    } else {
      stopCamera = end;
    }
  }).catch(() => {
    video.parentElement.replaceChildren(el("p", {}, w("no-camera")));
  });
}

export function endCamera() {
  stopCamera?.();
  stopCamera = null;
}

// plain is a code without what surrounds it.
export const plain = (text) => text.toUpperCase().replace(/^\][A-Z]\d/, "").replace(/[^A-Z0-9*]/g, "");

// mistyped tells whether the last character of a typed identifier is not its check character (ISO/IEC 7064, mod 37-2).
export function mistyped(text) {
  const all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";
  const code = plain(text);
  let sum = 0;
  for (const c of code.slice(0, -1)) {
    sum = ((sum + all.indexOf(c)) * 2) % 37;
  }
  return code.length < 2 || all[(38 - sum) % 37] !== code.at(-1);
}
