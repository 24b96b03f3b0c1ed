// A page of a batch keeps itself up to date, and so does the worklist, on which a call out of hours comes in. The server says
// when the batch or the on-call duty has grown and, every second, that it is
// there. What stands around the step is replaced; the step itself, in which somebody may be typing, is never touched.
import { lost, ended, look } from "./guard.js";

const patience = 1700; // ms without a sign of life: the server is gone, and the page says so within two seconds
const again = 1000; // ms before another try
const minute = 20000; // ms between two looks at the clocks, which tell minutes

let floor = null;
let source = null;
let heard = 0;
let over = false;

// live tells whether this page listens, so that nothing else has to ask for the server.
export function live() {
  floor = document.querySelector("[data-events]");
  if (!floor) {
    return false;
  }
  listen();
  // A page that nobody sees needs no connection: a browser has few of them for one server.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : listen()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && listen());
  addEventListener("offline", () => lost(true));
  setInterval(watch, patience / 8);
  setInterval(refresh, minute);
  return true;
}

function listen() {
  if (over || document.hidden) {
    return;
  }
  close();
  heard = performance.now();
  source = new EventSource(floor.dataset.events);
  source.addEventListener("open", alive);
  source.addEventListener("beat", alive);
  source.addEventListener("version", (event) => {
    alive();
    grown(Number(event.data));
  });
  source.addEventListener("end", finish);
  source.addEventListener("error", broken);
}

function close() {
  source?.close();
  source = null;
}

function alive() {
  heard = performance.now();
  lost(false);
}

// The browser comes back by itself when a connection breaks, but not when it was refused. Whether it was the connection
// alone or the server is asked at once.
function broken() {
  look();
  if (source?.readyState === EventSource.CLOSED) {
    source = null;
    setTimeout(async () => {
      await refresh(); // finds out whether the session is over
      if (!source) {
        listen();
      }
    }, again);
  }
}

function watch() {
  if (!over && !document.hidden && performance.now() - heard > patience) {
    lost(true);
  }
}

function grown(version) {
  if (version <= Number(floor.dataset.version)) {
    return;
  }
  floor.dataset.version = version;
  const words = document.querySelector("[data-moved]");
  if (words && floor.matches(".strip")) { // elsewhere the page itself is replaced, nobody works on something older
    words.hidden = false;
  }
  refresh();
}

function finish() {
  over = true;
  close();
  ended();
}

async function refresh() {
  if (over || document.hidden) {
    return;
  }
  try {
    const answer = await fetch(floor.dataset.around, { cache: "no-store", signal: AbortSignal.timeout(patience) });
    if (answer.status === 401) {
      finish();
    }
    if (answer.ok) {
      replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // The next sign of life, or its absence, says what is to be said.
  }
}

function replace(fresh) {
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old || old.querySelector("form, input, textarea, select") || old.outerHTML === part.outerHTML) {
      continue;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const scrolled = old.scrollTop;
    const folds = part.querySelectorAll("details");
    old.querySelectorAll("details").forEach((was, i) => folds[i] && (folds[i].open = was.open));
    old.replaceWith(part);
    part.scrollTop = scrolled;
    if (focused) {
      part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }
}
