// The courier's page: what is carried, taking it over, handing it on. Everything that is done here is signed and kept on
// the phone first and delivered when there is a network; the page says of each thing where it stands.
import { passes, keepPass, events, changed, setting, set } from "./store.js";
import { lock, make, publicKey } from "./key.js";
import { clock, deliver, open, record, Refused, seen } from "./server.js";
import { button, el, fact, form, mark, moment, problem, replace, show, speak, told, w } from "./view.js";
import { endCamera, mistyped, plain, reading } from "./reading.js";
import * as bedside from "./bedside.js";

let all = {}; // wording
let pass = null;
const wrongPINs = 5;

async function begin() {
  all = await (await fetch("/courier/words.json")).json();
  const pick = document.querySelector("[data-lang-pick]");
  const chosen = (await setting("lang")) ?? document.body.dataset.lang;
  pick.value = chosen;
  speak(all, chosen);
  pick.addEventListener("change", async () => {
    await set("lang", pick.value);
    speak(all, pick.value);
    pass ? home() : enter();
  });
  // Nothing fails in silence: what was kept is kept, and the page says what could not be done.
  addEventListener("unhandledrejection", (e) => document.querySelector("[data-view]").prepend(problem(words(e.reason))));
  addEventListener("online", flush);
  addEventListener("offline", reach);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  setInterval(flush, 20000);
  install();
  await enter();
}

// install makes the page open without a network from now on. The decoder is loaded once, so that it is kept too.
async function install() {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  await navigator.serviceWorker.register("/courier/sw.js", { scope: "/courier/" });
  await navigator.serviceWorker.ready;
  document.body.dataset.ready = "yes";
  navigator.storage?.persist?.();
}

function linkOf() {
  const [site, token] = decodeURIComponent(location.hash.slice(1)).split("~");
  return token ? { site, token } : null;
}

// enter asks for the PIN: with a link that is new here at the server, otherwise on the phone itself.
async function enter(fault = "") {
  const kept = await passes();
  const link = linkOf();
  const known = link ? kept.find((p) => p.token === link.token) : kept.sort((a, b) => b.opened - a.opened)[0];
  if (!link && !known) {
    show(el("h1", {}, w("title")), el("p", {}, w("no-link")));
    return;
  }
  const pin = el("input.pin", { id: "pin", name: "pin", inputmode: "numeric", autocomplete: "off", type: "password", maxlength: 10, required: true });
  const go = el("button.act", { type: "submit" }, w("open"));
  show(
    el("h1", {}, w(known?.bed ? "bed.title" : "title")),
    el("p", {}, known ? w("pin-again", { name: known.person.name }) : w("pin-first")),
    fault && problem(fault),
    el("form", { onsubmit: (e) => { e.preventDefault(); go.disabled = true; (known ? unlock(known, pin.value) : enrol(link, pin.value)).catch((err) => enter(words(err))); } },
      el("label", { for: "pin" }, w("pin")), pin, go),
  );
  pin.focus();
}

async function enrol(link, pin) {
  const time = await clock();
  const pair = await make();
  const said = await open(`${link.site}~${link.token}`, pin, await publicKey(pair));
  const { salt, code } = await lock(pin);
  pass = {
    phone: said.phone, site: said.site, token: link.token, person: said.person, shipment: said.shipment, bed: said.bed, log: said.bed?.key, pair, n: 0, previous: "",
    offset: time.offset, bound: time.bound, salt, code, wrong: 0, opened: Date.now(), heard: Date.now(),
  };
  await keepPass(pass);
  if (!(await setting("lang")) && all[said.lang]) {
    speak(all, said.lang);
    document.querySelector("[data-lang-pick]").value = said.lang;
  }
  history.replaceState(null, "", "/courier/");
  home();
}

async function unlock(known, pin) {
  if (known.wrong >= wrongPINs) { // the server counts further and may know more
    await open(`${known.site}~${known.token}`, pin, await publicKey(known.pair));
  } else if ((await lock(pin, known.salt)).code !== known.code) {
    await changed(known.phone, { wrong: known.wrong + 1 });
    throw new Error(w("pin-wrong", { left: wrongPINs - known.wrong - 1 }));
  }
  pass = await changed(known.phone, { wrong: 0, opened: Date.now() });
  history.replaceState(null, "", "/courier/");
  home();
  flush();
}

function words(err) {
  return err instanceof Refused ? told(err.problem) : err.name === "TypeError" || err.name === "TimeoutError" ? w("no-network") : err.message;
}

// shared is what the bedside's part of the page needs of this one.
const shared = { pass: () => pass, flush: () => flush(), line: (e) => line(e), reach: () => reach() };

// ---- what is carried

async function home() {
  endCamera();
  if (pass.bed) {
    return bedside.home(shared);
  }
  overview(await events(pass.phone), show);
}

// renew brings the overview up to date, if it is still what the person looks at, and leaves them where they read.
async function renew() {
  if (pass.bed) {
    return bedside.renew(shared);
  }
  const done = await events(pass.phone);
  if (document.querySelector(".acts")) {
    overview(done, replace);
  }
}

function overview(done, put) {
  const mine = holds(done);
  const s = pass.shipment;
  const over = s.status === "cancelled"; // what this phone signed before may still say otherwise
  put(
    strip(s),
    el("h1", {}, w("shipment", { id: s.id })),
    over && problem(w("cancelled")),
    el("dl.facts", {},
      fact(w("person"), pass.person.name), fact(w("way"), `${s.from} → ${s.to}`), fact(w("holder"), mine ? w("you-hold") : holderOf(s)),
      s.seals?.length ? fact(w("seals"), s.seals.join(" · ")) : null),
    ...(s.findings ?? []).map((f) => problem(w(`fault.${f}`))),
    el("div.acts", {},
      over && !mine ? null : mine ? button(w("give"), () => give(), "button.act") : button(w("take"), () => take(), "button.act"),
      mine || over ? null : button(w("give"), () => give()),
      button(w("scan"), () => scanOnly()), button(w("check-seals"), () => sealsOnly()), button(w("note"), () => note())),
    el("h2", {}, w("done")),
    done.length ? el("ol.log", {}, ...done.reverse().map(line)) : el("p.soft", {}, w("nothing-done")),
    el("p.soft", {}, w("heard", { at: moment(pass.heard) })),
  );
  reach();
}

function strip(s) {
  return el("section.strip", { "aria-label": w("containers") }, ...s.containers.map((c) => el("div.id", {}, el("span.code", {}, c.short), el("span.mono", {}, c.label))));
}

const holderOf = (s) => (s.holder ? w(`party.${s.holder}`) : w("holder-unknown"));

// holds tells whether the person answers for the material now, as far as this phone knows.
function holds(done) {
  const last = done.filter((e) => e.document.kind === "take" && e.answer?.state !== "conflict").at(-1);
  return last ? pass.shipment.mine !== false || !last.answer : Boolean(pass.shipment.mine);
}

function line(e) {
  const state = e.answer ? e.answer.state : "here";
  const flags = e.answer?.flags ?? [];
  return el("li", {},
    el("b", {}, w(`did.${e.document.kind}`)), " ", el("span.mono", {}, e.document.place || e.document.text || e.document.seals.join(" ") || (e.document.bed ? bedside.told(e.document) : "")),
    el("span.sub", {}, moment(Date.parse(e.document.at) + e.document.offset_ms), " ", w("bound", { s: Math.ceil(e.document.bound_ms / 1000) })),
    el(`span.state.s-${state}`, {}, mark(state), w(`state.${state}`)),
    ...flags.map((f) => el("span.state.att", {}, mark("flag"), w(`fault.${f}`))), e.answer?.why ? el("span.sub", {}, e.answer.why) : null);
}

// ---- reading a label

const read = (title, hint, accept) => reading({ title, hint, accept, head: () => strip(pass.shipment), back: home });

// ours tells which container of the shipment a label belongs to; null for none. Where nothing was packed yet, a label of
// the patient's chain of identity is enough.
function ours(text) {
  const named = text.match(/&\/(CH[0-9A-Z]{13})/)?.[1];
  if (named && named !== pass.shipment.coi) {
    return null; // whatever else it says, it is another patient's
  }
  const read = plain(text);
  const found = pass.shipment.containers.find((c) => c.id.split("/").every((part) => read.includes(part)));
  const nothingPacked = pass.shipment.containers.length === 0 && read.includes(plain(pass.shipment.coi));
  return found ?? (nothingPacked ? pass.shipment : null);
}

// container reads the label of what changes hands. A label of something else stops the page; it is kept as an event.
function container(title, then) {
  read(title, w("scan-container"), async (text, hand) => {
    if (offerOf(text)) {
      return "";
    }
    if (hand && mistyped(text)) {
      return w("mistyped");
    }
    endCamera();
    if (ours(text)) {
      then(text, hand);
    } else {
      stop(text, () => container(title, then)); // first of all
      await record(pass.phone, { kind: "scan", scanned: text, typed: hand });
      flush();
    }
    return true;
  });
}

// stop is the full-screen halt: what was read, what belongs here, and only two ways on.
function stop(text, again) {
  endCamera();
  navigator.vibrate?.([300, 100, 300]);
  show(el("section.halt", { role: "alert" },
    el("p.octagon", { "aria-hidden": "true" }, "STOP"),
    el("h1", {}, w("stop")),
    el("dl.facts", {}, fact(w("read"), el("span.mono", {}, text.slice(0, 60))), fact(w("expected"), el("span.mono", {}, pass.shipment.containers.map((c) => c.label).join(", ") || pass.shipment.coi))),
    el("p", {}, w("stop-text")),
    button(w("scan-again"), again, "button.act"), button(w("raise"), () => note(w("stop")))));
}

// ---- handing over

function take() {
  read(w("take"), w("scan-giver"), async (text, hand) => {
    const given = offerOf(text);
    if (!given) {
      return hand ? w("no-code") : "";
    }
    endCamera();
    if (!ours(given.document.scanned) || given.document.shipment !== pass.shipment.id) {
      stop(given.document.scanned, take);
      return true;
    }
    takeContainer(given.envelope, given.document);
    return true;
  });
  document.querySelector("main").append(button(w("giver-has-none"), () => takeContainer(null, null)));
}

function takeContainer(given, offer) {
  container(w("take"), (scanned, typed) => {
    if (offer && ours(scanned) !== ours(offer.scanned)) {
      stop(scanned, () => takeContainer(given, offer));
      return;
    }
    details(w("take"), w("take-confirm"), offer, async (seals, place) => {
      await record(pass.phone, { kind: "take", scanned, typed, seals, place, given });
      await home();
      flush();
    });
  });
}

// offerOf reads the code on a giver's phone.
function offerOf(text) {
  const code = text.replace(/^\][A-Za-z]\d/, "");
  if (!code.startsWith("RBH1.")) {
    return null;
  }
  try {
    const envelope = JSON.parse(code.slice(5));
    return { envelope, document: JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(envelope.payload), (c) => c.charCodeAt(0)))) };
  } catch {
    return null;
  }
}

function give() {
  container(w("give"), (scanned, typed) => {
    details(w("give"), w("give-confirm"), null, async (seals, place) => {
      const event = await record(pass.phone, { kind: "give", scanned, typed, seals, place });
      flush();
      await offer(event);
    });
  });
}

async function offer(event) {
  const canvas = el("canvas.offer", { role: "img", "aria-label": w("offer-code") });
  show(strip(pass.shipment), el("h1", {}, w("offer")), el("p", {}, w("offer-text")), canvas, button(w("offer-done"), home, "button.act"));
  const { draw } = await import("./camera.js");
  await draw(canvas, "RBH1." + JSON.stringify(event.envelope));
}

// details asks for seals and place. Nothing is filled in for anybody; what the giver stated is shown beside it.
function details(title, act, offer, then) {
  const place = el("input", { id: "place", maxlength: 120, required: true, autocomplete: "off" });
  const seals = el("input.mono", { id: "seals", maxlength: 400, autocomplete: "off", autocapitalize: "characters" });
  show(
    strip(pass.shipment), el("h1", {}, title),
    offer && el("p", {}, w("given", { seals: offer.seals.join(" · ") || w("none"), place: offer.place })),
    form(() => then(list(seals.value), place.value.trim()),
      el("label", { for: "seals" }, w("seals-ask")), seals, el("label", { for: "place" }, w("place")), place, el("button.act", { type: "submit" }, act)),
    button(w("back"), home),
  );
}

const list = (text) => text.split(/[\s,;]+/).filter(Boolean).slice(0, 10);

// ---- on the way

function scanOnly() {
  read(w("scan"), w("scan-any"), async (text, typed) => {
    if (typed && mistyped(text)) {
      return w("mistyped");
    }
    const fine = ours(text) || offerOf(text);
    if (!fine) {
      stop(text, scanOnly); // first of all
    }
    await record(pass.phone, { kind: "scan", scanned: text, typed });
    flush();
    if (fine) {
      await home();
    }
    return true;
  });
}

function sealsOnly() {
  const seals = el("input.mono", { id: "seals", required: true, maxlength: 400, autocomplete: "off", autocapitalize: "characters" });
  show(strip(pass.shipment), el("h1", {}, w("check-seals")),
    form(async () => { await record(pass.phone, { kind: "seals", seals: list(seals.value) }); await home(); flush(); },
      el("label", { for: "seals" }, w("seals-ask")), seals, el("button.act", { type: "submit" }, w("confirm-seals"))),
    button(w("back"), home));
}

function note(about = "") {
  const text = el("textarea", { id: "text", required: true, maxlength: 500, rows: 5, "aria-describedby": "text-hint" });
  text.value = about && `${about}: `;
  show(strip(pass.shipment), el("h1", {}, w("note")),
    form(async () => { await record(pass.phone, { kind: "note", text: text.value.trim() }); await home(); flush(); },
      el("label", { for: "text" }, w("note-ask")), el("p", { id: "text-hint" }, w("note-hint")), text, el("button.act", { type: "submit" }, w("note-send"))),
    button(w("back"), home));
}

// ---- the network

let reached = navigator.onLine;

async function reach() {
  const waiting = pass ? (await events(pass.phone)).filter((e) => !e.answer).length : 0;
  const sign = document.querySelector("[data-reach]");
  sign.textContent = `${reached ? "●" : "○"} ${reached ? w("online") : w("offline")}${waiting ? ` · ${w("waiting", { n: waiting })}` : ""}`;
}

async function flush() {
  if (!pass) {
    return;
  }
  try {
    pass = await changed(pass.phone, seen);
    pass = await deliver(pass);
    reached = true;
  } catch (err) {
    reached = false;
    if (err instanceof Refused) {
      reached = true;
      document.querySelector("[data-view]").prepend(problem(words(err)));
    }
  }
  await renew();
  reach();
}

begin();
