// The small amount of behaviour that plain forms cannot have. Every page works without it.
import { badge } from "./badge.js";
import { drafts } from "./draft.js";
import { listen } from "./scan.js";
import { keypad } from "./keypad.js";
import { guard } from "./guard.js";
import { live } from "./live.js";

badge(); // before the labels: it takes the keys first
listen();
drafts();
keypad();
guard(live());

// The step in hand stands in view in its timeline, and the field in hand in its list.
const floor = matchMedia("(min-width: 901px)").matches;
function show() {
  for (const at of floor ? document.querySelectorAll(".timeline [aria-current]") : []) {
    at.scrollIntoView({ block: "center" });
  }
  for (const at of document.querySelectorAll(".fields .active")) {
    at.scrollIntoView({ block: "nearest" });
  }
  // What went wrong is read first, wherever the field in hand stands.
  document.querySelector(".problem")?.scrollIntoView({ block: "start" });
}
show();
document.fonts.ready.then(show); // text takes more room in its own type
