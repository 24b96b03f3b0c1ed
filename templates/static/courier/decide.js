// May this product be given to this patient now? The same decision as chainofcustody/bedside, held to the same examples.
// There is no way around it: nothing but decide makes a Leave, and nothing begins without one.
import { readLabel } from "./label.js";

const scanLife = 10 * 60 * 1000; // ms

// compare is what a label is against what is expected: "matched", "mismatched" or "unreadable".
export function compare(statement, expect, raw) {
  const label = readLabel(raw);
  if (!label) {
    return { found: "unreadable" };
  }
  const container = label.din && label.division ? `${label.din}/${label.division}` : "";
  if (!statement || (label.coi && label.coi !== statement.coi)) {
    return { found: "mismatched", why: "another-patient", ...label, container };
  }
  if (expect === "wristband") {
    return label.coi && !label.din ? { found: "matched", coi: label.coi, container: "" } : { found: "mismatched", why: "no-wristband", ...label, container };
  }
  const ours = statement.containers.some((c) => c.id === container);
  return ours ? { found: "matched", coi: statement.coi, container } : { found: "mismatched", why: "other-container", ...label, container };
}

// Leave is leave to begin one infusion.
export class Leave {
  #made = false;
  constructor(proof, limb, containers) {
    if (proof !== secret) {
      throw new Error("only a decision gives leave");
    }
    this.#made = true;
    this.limb = limb;
    this.containers = containers;
  }
  static is(x) {
    return typeof x === "object" && x !== null && #made in x && x.#made;
  }
}
const secret = Symbol("decided");

// decide gives leave, or the codes of every rule that stands against it. Times are ms of the server's clock.
export function decide({ statement, standing, wristband, containers, given = [], limb, now, seen = 0 }) {
  if (!statement) {
    return { rules: ["bed-no-certificate"] };
  }
  const rules = [];
  const add = (is, code) => is && !rules.includes(code) && rules.push(code);
  add(standing?.state === "recalled", "bed-recalled");
  add(standing?.state !== "recalled" && standing?.state !== "released", "bed-not-released");
  const checked = standing ? Date.parse(standing.checked) : NaN;
  if (!(now.latest >= checked && now.latest >= seen)) {
    add(true, "bed-clock");
  } else {
    add(now.latest >= Date.parse(statement.expiry), "bed-expired");
  }
  const before = rules.length;
  const right = (s, expect) => Boolean(s) && s.expect === expect && compare(statement, expect, s.raw).found === "matched";
  add(!right(wristband, "wristband"), "bed-wristband");
  add(containers.length === 0 || !containers.every((c) => right(c, "final-container")), "bed-container");
  if (rules.length === before) {
    const old = (s) => now.earliest - s.at.latest > scanLife || now.latest < s.at.earliest;
    add([wristband, ...containers].some(old), "bed-scan-old");
  }
  add(!limb || limb !== statement.limb, "bed-limb");
  const of = (c) => compare(statement, "final-container", c.raw).container;
  const none = given.length > 0 && statement.containers.every((c) => given.includes(c.id));
  add(none || containers.some((c) => right(c, "final-container") && given.includes(of(c))), "bed-again");
  if (rules.length > 0) {
    return { rules };
  }
  return { rules, leave: new Leave(secret, limb, [...new Set(containers.map(of))]) };
}

// hundredths reads mL with comma or point; null where it is no volume.
export function hundredths(text) {
  const plain = text.trim().replace(",", ".");
  if (!/^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$/.test(plain)) {
    return null;
  }
  const [whole, part = ""] = plain.split(".");
  return { plain, value: Number(whole) * 100 + Number(part.padEnd(2, "0")) };
}

// balance tells whether given and left make what was filled, within the tolerance; the arithmetic is of whole hundredths.
export function balance(statement, containers, given, left) {
  const filled = statement.containers.filter((c) => containers.includes(c.id)).reduce((sum, c) => sum + hundredths(c.volume.value).value, 0);
  return { filled, fits: Math.abs(filled - given - left) <= hundredths(statement.tolerance.value).value };
}
