// Small pieces of page. Text always goes in as text.

let words = {};
let lang = "en";

export const speak = (all, chosen) => {
  lang = all[chosen] ? chosen : "en";
  words = all[lang];
  document.documentElement.lang = lang;
  document.title = `${w("title")} · rexbatch`;
  for (const node of document.querySelectorAll("[data-word]")) { // of the page itself, as it came or was kept
    node.textContent = words[node.dataset.word] ?? node.textContent;
  }
};

// volume writes mL with the language's decimal mark, and with the decimals that it was given with.
export const volume = (plain) => plain.replace(".", new Intl.NumberFormat(lang).formatToParts(0.5).find((p) => p.type === "decimal").value);

// w is a text in the person's language, with its places filled.
export function w(key, filled = {}) {
  let text = words[`courier.${key}`] ?? key;
  for (const [name, value] of Object.entries(filled)) {
    text = text.replaceAll(`{${name}}`, value);
  }
  return text;
}

// told is a refusal of the server in the language of the page, where the page knows its words.
export function told(problem) {
  const say = (part, otherwise) => {
    let text = words[`refusal.${problem.code}.${part}`] ?? otherwise ?? "";
    for (const [name, value] of Object.entries(problem.args ?? {})) {
      text = text.replaceAll(`{${name}}`, value);
    }
    return text;
  };
  return `${say("what", problem.detail ?? problem.title)} ${say("next", problem.next)}`.trim();
}

// el makes an element: el("button.act", {type: "submit"}, "text", child, …).
export function el(what, attributes = {}, ...inside) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) {
    node.className = classes.join(" ");
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== undefined && value !== null) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...inside.flat().filter((x) => x !== null && x !== undefined && x !== false));
  return node;
}

let page = 0; // how many were shown
let busy = null; // the one on which an act is under way

// once makes a page deaf while an act of it is under way: to a second tap, and to a tap beside it. The page that the act
// leads to hears again.
function once(does) {
  return async () => {
    const here = page;
    if (busy === here) {
      return;
    }
    busy = here;
    try {
      await does();
    } finally {
      busy = busy === here ? null : busy;
    }
  };
}

export const button = (text, does, kind = "button") => el(kind, { type: "button", onclick: once(does) }, text);

// form is what is filled in and sent, once.
export function form(does, ...inside) {
  const send = once(does);
  return el("form", { onsubmit: (e) => { e.preventDefault(); send(); } }, ...inside);
}

// replace puts other parts below the header.
export function replace(...parts) {
  const view = document.querySelector("[data-view]");
  view.replaceChildren(...parts.flat().filter(Boolean));
  return view;
}

// show replaces the page below the header and begins reading at its top.
export function show(...parts) {
  page++;
  const head = replace(...parts).querySelector("h1");
  head?.setAttribute("tabindex", "-1");
  head?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// moment writes a time with its day in letters and the zone's offset, never digits alone.
export function moment(ms) {
  const at = new Date(ms);
  const day = at.toLocaleDateString("en-GB", { day: "2-digit", month: "short", year: "numeric" }).replace("Sept", "Sep").toUpperCase(); // as on every page
  const time = at.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZoneName: "short" });
  return `${day} ${time}`;
}

export const problem = (text) => el("p.problem", { role: "alert" }, text);
export const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

// mark is the shape that goes with a state's word.
export function mark(state) {
  return el("span.mark", { "aria-hidden": "true" }, { here: "○", delivered: "◐", confirmed: "●", waiting: "◔", conflict: "⬣", evidence: "▲", refused: "⬣", flag: "▲" }[state] ?? "○");
}
