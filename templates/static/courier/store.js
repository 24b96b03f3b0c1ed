// What the phone keeps: the passes that were opened on it, and every event that was signed, until the server has it and
// as long as the transport lasts. IndexedDB survives the browser being closed and the battery being empty.
import { openDB } from "/static/vendor/idb.js";

const database = openDB("rexbatch-courier", 1, {
  upgrade(db) {
    db.createObjectStore("passes", { keyPath: "phone" });
    db.createObjectStore("events", { keyPath: ["phone", "n"] });
    db.createObjectStore("settings");
  },
});

export const passes = async () => (await database).getAll("passes");
export const keepPass = async (pass) => (await database).put("passes", pass);

const of = (phone) => IDBKeyRange.bound([phone, 0], [phone, Infinity]);
export const events = async (phone) => (await database).getAll("events", of(phone));

// append keeps a new event and moves the counter of its pass on, both or neither: a number is never used twice. hold looks
// at the pass and at what was done in that same transaction: it says what else changes in the pass, or null where the event
// may not be; then nothing is kept and the answer is null.
export async function append(phone, make, hold) {
  const pass = await (await database).get("passes", phone);
  const event = await make(pass);
  const tx = (await database).transaction(["passes", "events"], "readwrite", { durability: "strict" });
  const now = await tx.objectStore("passes").get(phone);
  if (now.n !== pass.n) { // another window of this phone was faster
    tx.abort();
    await tx.done.catch(() => {});
    return append(phone, make, hold);
  }
  const also = hold(now, await tx.objectStore("events").getAll(of(phone)));
  if (!also) {
    await tx.done;
    return null;
  }
  tx.objectStore("events").add(event);
  tx.objectStore("passes").put({ ...now, ...also, n: event.n, previous: event.digest });
  await tx.done;
  return event;
}

// answered notes what the server said of an event. The event itself never changes.
export async function answered(phone, n, answer) {
  const tx = (await database).transaction("events", "readwrite");
  const event = await tx.store.get([phone, n]);
  if (event) {
    await tx.store.put({ ...event, answer });
  }
  await tx.done;
}

// changed stores what was learned of a pass, or what is made of it as it is kept, without touching its counter.
export async function changed(phone, what) {
  const tx = (await database).transaction("passes", "readwrite");
  const pass = await tx.store.get(phone);
  const now = { ...pass, ...(typeof what === "function" ? what(pass) : what) };
  await tx.store.put(now);
  await tx.done;
  return now;
}

export const setting = async (name) => (await database).get("settings", name);
export const set = async (name, value) => (await database).put("settings", value, name);
