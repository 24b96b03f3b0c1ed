// The bedside's part of the page: is it the right patient, the right product, valid, in time, the right leg; then the
// beginning, the end, the volumes. It works without a network from the plant's proved statement. What stops it stops it:
// there is a way to scan again and a way to call the plant, and none around.
import { events } from "./store.js";
import { record, span } from "./server.js";
import { balance, compare, decide, hundredths, Leave } from "./decide.js";
import { isFile, proved } from "./statement.js";
import { endCamera, mistyped, reading } from "./reading.js";
import { button, el, fact, form, moment, problem, replace, show, volume, w } from "./view.js";

let shared = null;
let scans = { wristband: null, containers: [] }; // of the infusion that is being prepared; gone with the page

const pass = () => shared.pass();
const rule = (code) => w(`bed.rule.${code}`);

// held is the statement that the phone holds, proved anew each time it is used; null where nothing is proved.
async function held() {
  try {
    return await proved(pass().bed.proof, pass().log, pass().bed.batch);
  } catch {
    return null;
  }
}

const limbs = ["left", "right"];

// course is what this phone knows of infusions: the one that runs, and what was given.
function course(done) {
  const starts = done.filter((e) => e.document.kind === "bed-start");
  const ends = done.filter((e) => e.document.kind === "bed-end");
  return { starts, running: starts.length > ends.length ? starts.at(-1) : null, given: ends.length > 0 };
}

// begun are the containers that an infusion began with: as the plant was told by every phone, and on this one.
async function begun(statement) {
  const done = await events(pass().phone);
  const scanned = new Set(course(done).starts.flatMap((s) => s.document.bed.scans));
  const mine = done.filter((e) => scanned.has(e.n) && e.document.bed?.expect === "final-container");
  return [...(pass().bed.given ?? []), ...mine.map((e) => compare(statement, "final-container", e.document.scanned).container)];
}

export async function home(from) {
  shared = from;
  endCamera();
  scans = { wristband: null, containers: [] };
  await overview(show);
}

// renew brings the overview up to date while the person looks at it: still so when it is ready, since it must not take the
// place of a stop.
export async function renew(from) {
  shared = from;
  await overview((...parts) => document.querySelector("[data-bed-home]") && replace(...parts));
}

async function overview(put) {
  const statement = await held();
  const done = await events(pass().phone);
  const { running, given } = course(done);
  const { person, bed } = pass();
  put(
    strip(statement),
    el("h1", { "data-bed-home": true }, w("bed.title")),
    statement ? null : invalid(),
    standing(statement),
    ...(bed.answers ?? []).map((a) => el("p.answer", {}, el("b", {}, w(a.supply ? "bed.answer-yes" : "bed.answer-no", { by: a.by })), " ", a.text)),
    running ? runs(running) : null,
    el("div.acts", {},
      running ? button(w("bed.end"), end, "button.act") : null,
      running || given || !statement ? null : button(w("bed.begin"), begin, "button.act"),
      statement ? button(w("bed.file"), file) : null,
      person.asks ? button(w("bed.ask"), () => ask([])) : null),
    el("h2", {}, w("done")),
    done.length ? el("ol.log", {}, ...done.reverse().map(shared.line)) : el("p.soft", {}, w("nothing-done")),
  );
  shared.reach();
}

const invalid = () => el("section.halt.part", { role: "alert" }, octagon(), el("h2", {}, w("bed.invalid")), el("p", {}, rule("bed-no-certificate")));
const octagon = () => el("p.octagon", { "aria-hidden": "true" }, "STOP");

function strip(statement) {
  const { batch, short } = pass().bed;
  return el("section.strip", { "aria-label": w("bed.product") },
    el("div.id", {}, short && el("span.code", {}, short), el("span.mono", {}, batch)),
    ...(statement?.containers ?? []).map((c) => el("div.id", {}, el("span.mono", {}, c.label))));
}

// age is how long ago the plant was asked for a recall, at most, in words.
function age(now) {
  const minutes = Math.max(0, Math.floor((now.latest - Date.parse(pass().bed.standing.checked)) / 60000));
  return w("bed.ago", { h: Math.floor(minutes / 60), min: minutes % 60 });
}

// left is how much time there is until the expiry, in words.
function left(statement, now) {
  const minutes = Math.floor((Date.parse(statement.expiry) - now.latest) / 60000);
  return minutes < 0 ? w("bed.over") : w("bed.left", { h: Math.floor(minutes / 60), min: minutes % 60 });
}

function standing(statement) {
  const now = span(pass());
  const s = pass().bed.standing;
  const state = s.state === "released" ? w("bed.state.released") : `⬣ ${w(`bed.state.${s.state}`)}`;
  return el("dl.facts", {},
    statement && fact(w("bed.certificate"), el("span.mono", {}, statement.certificate)),
    statement && fact(w("bed.certified"), `${statement.certified_by} · ${moment(Date.parse(statement.certified_at))}`),
    statement && fact(w("bed.expiry"), `${moment(Date.parse(statement.expiry))} · ${left(statement, now)}`),
    statement && fact(w("bed.standing"), `${state}${s.why && s.state === "recalled" ? ` · ${s.why}` : ""}`),
    fact(w("bed.checked"), el("span", { "data-age": true }, age(now))),
    fact(w("person"), pass().person.name));
}

function runs(start) {
  return el("p.runs", { role: "status" }, w("bed.runs", { at: moment(Date.parse(start.document.at) + start.document.offset_ms), limb: w(`bed.limb.${start.document.bed.limb}`) }));
}

// told is what stands beside an event in the list of what was done.
export function told(document) {
  const b = document.bed;
  switch (document.kind) {
    case "bed-scan": return `${w(`bed.expect.${b.expect}`)} · ${w(`bed.found.${b.found}`)}`;
    case "bed-start": return w(`bed.limb.${b.limb}`);
    case "bed-end": return `${volume(b.given)} mL · ${w("bed.rest", { left: volume(b.left) })}`;
    default: return (b.rules ?? []).map(rule).join(" · ");
  }
}

// ---- before the beginning

const facts = async (statement, limb) => ({ statement, standing: pass().bed.standing, ...scans, given: await begun(statement), limb, now: span(pass()), seen: pass().seen });

// begin looks at what no scan can change first, so that nobody scans for nothing; then wristband, containers, leg.
async function begin() {
  scans = { wristband: null, containers: [] };
  const { rules } = decide(await facts(await held(), "left"));
  const first = rules.filter((r) => ["bed-no-certificate", "bed-recalled", "bed-not-released", "bed-clock", "bed-expired", "bed-again"].includes(r));
  if (first.length) {
    return stop(first, null);
  }
  band();
}

const band = () => label("wristband", w("bed.scan-wristband"), (scan) => {
  scans.wristband = scan;
  bag();
});

async function bag() {
  const statement = await held();
  const had = new Set(scans.containers.map((s) => s.container));
  const of = statement?.containers.length ?? 0;
  label("final-container", w("bed.scan-container", { n: had.size + 1, of }), (scan) => {
    scans.containers.push(scan);
    new Set(scans.containers.map((s) => s.container)).size < of ? bag() : leg();
  }, (scans.containers.at(-1) ?? scans.wristband).raw);
  if (had.size > 0) {
    document.querySelector("main").append(button(w("bed.no-more", { n: had.size }), () => { endCamera(); leg(); }));
  }
}

// label reads one code for the bedside. Whatever was read is an event, good or bad; the same code that the camera goes on
// seeing is one, also when the page asks for the next already: nobody moves as fast as it.
function label(expect, hint, then, before = "") {
  reading({
    title: w(`bed.expect.${expect}`), hint, head: () => strip(null), back: () => home(shared),
    accept: async (raw, hand) => {
      const text = hand ? raw.toUpperCase() : raw;
      if (!hand && text === before) {
        return "";
      }
      const statement = await held();
      const read = compare(statement, expect, text);
      const at = span(pass());
      const keep = () => record(pass().phone, { kind: "bed-scan", scanned: text, typed: hand, bed: { expect, found: read.found } });
      if (read.found === "mismatched") {
        await stop([expect === "wristband" ? "bed-wristband" : "bed-container"], { read: text, why: read.why, keep });
        return true;
      }
      const event = await keep();
      before = text; // what could not be kept is read again
      shared.flush();
      if (read.found === "unreadable") {
        return hand && mistyped(text) ? w("mistyped") : w("bed.unreadable");
      }
      endCamera();
      then({ expect, raw: text, n: event.n, at, container: read.container });
      return true;
    },
  });
}

function leg() {
  show(strip(null), el("h1", {}, w("bed.which-limb")), el("p", {}, w("bed.which-limb-text")),
    el("div.acts.limbs", {}, ...limbs.map((limb) => button(w(`bed.limb.${limb}`), () => ready(limb)))),
    button(w("back"), () => home(shared)));
}

const numbers = () => [scans.wristband, ...scans.containers].filter(Boolean).map((s) => s.n);

// ready shows that everything agrees. Nothing has begun yet: who begins says so, and it is decided again then.
async function ready(limb) {
  const statement = await held();
  const { rules, leave } = decide(await facts(statement, limb));
  if (!leave) {
    return stop(rules, { limb });
  }
  const now = span(pass());
  const ticks = ["patient", "product", "valid", "in-time", "limb"];
  show(strip(statement), el("h1", {}, w("bed.agrees")),
    el("ul.agrees", {}, ...ticks.map((t) => el("li", {}, el("span.mark", { "aria-hidden": "true" }, "✓"), " ", w(`bed.tick.${t}`, { limb: w(`bed.limb.${limb}`), left: left(statement, now) })))),
    el("p", { "data-age": true }, w("bed.checked-ago", { age: age(now) })),
    pass().person.gives ? button(w("bed.start"), () => start(limb), "button.act") : problem(w("bed.not-giver")),
    button(w("back"), () => home(shared)));
}

async function start(limb) {
  const before = numbers(); // of what is decided on, whatever is tapped meanwhile
  const statement = await held();
  const { rules, leave } = decide(await facts(statement, limb));
  if (!Leave.is(leave)) {
    return stop(rules, { limb });
  }
  await record(pass().phone, { kind: "bed-start", bed: { limb: leave.limb, scans: before, statement: statement.name, checked: pass().bed.standing.checked } }, (done) => {
    const { running, given } = course(done); // whatever another window of this phone began meanwhile
    return !running && !given;
  });
  shared.flush();
  await home(shared);
}

// stop is the full-screen halt: which rules, what was read, and two ways on. It is shown before anything is kept, so that
// a phone that can keep nothing stops all the same.
async function stop(rules, at) {
  endCamera();
  navigator.vibrate?.([300, 100, 300]);
  sound();
  const before = numbers();
  const statement = await held();
  const identity = at?.read;
  show(strip(null), el("section.halt", { role: "alert" },
    octagon(),
    el("h1", {}, w("bed.stop")),
    ...rules.map((r) => el("p.against", {}, rule(r))),
    identity && el("dl.facts", {}, fact(w("read"), el("span.mono", {}, at.read.slice(0, 60))), fact(w("expected"), el("span.mono", {}, statement?.coi ?? pass().bed.batch))),
    identity && el("p", {}, w(`bed.why.${at.why}`)),
    el("p", {}, w("bed.stop-text")),
    button(w("scan-again"), begin, "button.act"),
    pass().person.asks && rules.includes("bed-expired") ? button(w("bed.ask"), () => ask(rules)) : button(w("back"), () => home(shared))));
  const own = await at?.keep?.();
  await record(pass().phone, { kind: "bed-stop", bed: { rules, limb: at?.limb, scans: own ? [...before, own.n] : before, statement: statement?.name } });
  shared.flush();
}

// sound is heard where the page may play one (screens, rule 8).
function sound() {
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    tone.frequency.value = 440;
    tone.connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.6);
    tone.onended = () => audio.close();
  } catch {
    // without
  }
}

// ---- the end

async function end() {
  const statement = await held();
  const all = await events(pass().phone);
  const { running } = course(all);
  if (!running) { // ended in another window
    return home(shared);
  }
  const containers = running.document.bed.scans ?? [];
  const mine = all.filter((e) => containers.includes(e.n) && e.document.bed.expect === "final-container").map((e) => compare(statement, "final-container", e.document.scanned).container);
  const given = el("input.mono", { id: "given", inputmode: "decimal", autocomplete: "off", required: true, maxlength: 7 });
  const rest = el("input.mono", { id: "left", inputmode: "decimal", autocomplete: "off", required: true, maxlength: 7 });
  const how = el("select", { id: "how" }, ...["complete", "interrupted"].map((v) => el("option", { value: v }, w(`bed.how.${v}`))));
  const residual = el("select", { id: "residual" }, ...["none", "kept", "discarded"].map((v) => el("option", { value: v }, w(`bed.residual.${v}`))));
  const reaction = el("textarea", { id: "reaction", maxlength: 500, rows: 3 });
  const reference = el("input.mono", { id: "reference", maxlength: 40, autocomplete: "off" });
  const fault = el("p.problem", { role: "alert", hidden: true });
  const say = (text) => { fault.textContent = text; fault.hidden = false; fault.scrollIntoView({ block: "center" }); };
  let told = "";
  const save = async () => {
    const g = hundredths(given.value);
    const l = hundredths(rest.value);
    if (!g || !l) {
      return say(w("bed.volume-form"));
    }
    const sum = statement ? balance(statement, mine, g.value, l.value) : { fits: true };
    const doubt = !sum.fits ? w("bed.balance", { filled: volume(String(sum.filled / 100)), given: volume(g.plain), left: volume(l.plain) })
      : (l.value > 0) !== (residual.value !== "none") ? w("bed.residual-fault") : "";
    if (doubt && told !== doubt) { // said once; what was given was given
      told = doubt;
      return say(`${doubt} ${w("bed.again-to-keep")}`);
    }
    await record(pass().phone, {
      kind: "bed-end", bed: { how: how.value, given: g.plain, left: l.plain, residual: residual.value, reaction: reaction.value.trim(), reference: reference.value.trim() },
    }, (done) => course(done).running?.n === running.n);
    shared.flush();
    await home(shared);
  };
  const field = (id, input) => [el("label", { for: id }, w(`bed.field.${id}`)), input];
  show(strip(statement), el("h1", {}, w("bed.end")), fault,
    form(save,
      ...field("how", how), ...field("given", given), ...field("left", rest), ...field("residual", residual), ...field("reaction", reaction), ...field("reference", reference),
      el("button.act", { type: "submit" }, w("bed.save-end"))),
    button(w("back"), () => home(shared)));
}

// ---- asking the plant, and the certificate's file

// ask is the physician's way when the rules stop it: a request that the plant's Qualified Person answers. It lifts nothing.
async function ask(rules) {
  const why = rules.length ? rules : decide(await facts(await held(), "left")).rules.filter((r) => !["bed-wristband", "bed-container", "bed-limb"].includes(r));
  const reason = el("textarea", { id: "reason", required: true, maxlength: 500, rows: 4 });
  const risk = el("textarea", { id: "risk", required: true, maxlength: 500, rows: 4 });
  show(strip(null), el("h1", {}, w("bed.ask")), el("p", {}, w("bed.ask-text")), ...why.map((r) => problem(rule(r))),
    form(async () => {
      await record(pass().phone, { kind: "bed-request", bed: { rules: why.length ? why : ["bed-other"], reason: reason.value.trim(), risk: risk.value.trim() } });
      shared.flush();
      await home(shared);
    },
      el("label", { for: "reason" }, w("bed.field.reason")), reason, el("label", { for: "risk" }, w("bed.field.risk")), risk, el("button.act", { type: "submit" }, w("bed.ask-send"))),
    button(w("back"), () => home(shared)));
}

// file compares a certificate's file with what the plant stated: a copy of another batch's, or one that was changed by a
// single byte, is not valid. Whether it was recalled is known as of the last look.
async function file() {
  const said = el("div", { "aria-live": "assertive" });
  const input = el("input", { id: "file", type: "file", accept: "application/pdf" });
  input.addEventListener("change", async () => {
    const statement = await held();
    const content = await input.files[0]?.arrayBuffer();
    if (!content) {
      return;
    }
    const fine = statement && (await isFile(statement, content)) && pass().bed.standing.state === "released";
    said.replaceChildren(fine
      ? el("p.fine", {}, el("span.mark", { "aria-hidden": "true" }, "✓"), " ", w("bed.file-valid", { number: statement.certificate }))
      : el("section.halt.part", { role: "alert" }, octagon(), el("h2", {}, w("bed.invalid")), el("p", {}, w("bed.file-invalid"))),
      el("p", {}, w("bed.checked-ago", { age: age(span(pass())) })));
  });
  show(strip(await held()), el("h1", {}, w("bed.file")), el("p", {}, w("bed.file-text")), el("label", { for: "file" }, w("bed.field.file")), input, said, button(w("back"), () => home(shared)));
}
