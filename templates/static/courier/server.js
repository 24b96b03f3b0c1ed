// Talking to the plant's server: its time, the pass, and the queue of events. Every call gives up after a while, since
// a phone in a lift waits for ever otherwise.
import { answered, append, changed, events } from "./store.js";
import { sign } from "./key.js";

const patience = 15000; // ms
const atOnce = 40; // events of one delivery

export class Refused extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(patience), cache: "no-store",
  });
  const said = await answer.json();
  if (!answer.ok) {
    throw new Refused(said);
  }
  return said;
}

// clock asks for the server's time. Half of the way there and back is what the answer may be wrong by, and a second more
// since clocks of phones run on.
export async function clock() {
  const before = performance.now();
  const answer = await fetch("/api/v1/courier/time", { cache: "no-store", signal: AbortSignal.timeout(patience) });
  const { now } = await answer.json();
  const took = performance.now() - before;
  asked = { date: Date.now(), steady: performance.now() };
  return { offset: Math.round(Date.parse(now) + took / 2 - Date.now()), bound: Math.ceil(took / 2) + 1000 };
}

// A clock that was set since the server was asked shows against the steady one; the time is then only known so far.
let asked = null;
const jumped = () => (asked ? Math.ceil(Math.abs(Date.now() - asked.date - (performance.now() - asked.steady))) : 0);

// span is what the server's clock can show now, in ms. A phone that slept, or whose clock was set, shows another time than
// its steady clock: the truth is between the two.
export function span({ offset, bound }) {
  const shown = Date.now();
  const steady = asked ? asked.date + performance.now() - asked.steady : shown;
  return { earliest: Math.min(shown, steady) + offset - bound, latest: Math.max(shown, steady) + offset + bound };
}

// seen is the greatest time that this phone is known to have reached. It outlives the page, so that a clock which is set
// back before the page is opened again shows. Only the server's own time puts it back.
export const seen = (pass) => ({ seen: Math.max(pass.seen ?? 0, span(pass).earliest) });

export const open = (token, pin, key) => post("/api/v1/courier/open", { token, pin, key });

// record signs what was done and keeps it. It needs no network. may is asked, with what was done until then, in the moment
// in which it is kept; where it says no nothing was done, and the answer is null.
export function record(phone, what, may = () => true) {
  return append(phone, async (pass) => {
    const n = pass.n + 1;
    const document = {
      v: 1, phone, n, prev: pass.previous, shipment: pass.shipment?.id ?? "", scanned: "", typed: false, seals: [], place: "", text: "",
      at: new Date().toISOString(), offset_ms: pass.offset, bound_ms: pass.bound + jumped(), given: null, ...what,
      ...(pass.bed ? { bed: { batch: pass.bed.batch, ...what.bed } } : {}),
    };
    const { envelope, digest } = await sign(phone, pass.pair, document);
    return { phone, n, envelope, digest, document };
  }, (pass, done) => (may(done) ? seen(pass) : null));
}

let delivering = null;

// deliver sends what the server does not have yet and asks how the shipment stands. It is safe at any time and as
// often as one likes: the server knows each event by phone and number.
export function deliver(pass) {
  delivering ??= exchange(pass).finally(() => {
    delivering = null;
  });
  return delivering;
}

async function exchange(pass) {
  const time = await clock();
  let left = (await events(pass.phone)).filter((e) => !e.answer || e.answer.state === "waiting");
  pass = await changed(pass.phone, { ...time, seen: span(time).earliest });
  for (;;) {
    const some = left.slice(0, atOnce);
    const hello = await sign(pass.phone, pass.pair, { v: 1, hello: pass.phone, site: pass.site, sent: new Date().toISOString(), offset_ms: time.offset });
    const said = await post("/api/v1/courier/deliver", { hello: hello.envelope, events: some.map((e) => e.envelope) });
    for (const result of said.results) {
      await answered(pass.phone, result.n, result);
    }
    pass = await changed(pass.phone, { shipment: said.shipment, bed: said.bed, heard: Date.now() });
    left = left.slice(atOnce);
    if (left.length === 0) {
      return pass;
    }
  }
}
