// What a label says: chain of identity and container, of both schemes and in the codes of GS1, scanned or typed with its check character. It reads
// what the server's own reader reads (chainofcustody/isbt128); both are held to testdata/bedside. null: unreadable.

const isbt = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"; // ISO/IEC 7064 mod 37-2
const plant = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // of a plant with identifiers of its own
const canary = "yzQA-/";
const fnc1 = "\u001d"; // between the elements of a GS1 code
const symbologies = ["]C1", "]d2", "]e0", "]Q3", "]J1"]; // by which a reader says that a code holds such elements
const lengths = {
  "&/": 15, "=,": 6, "=<": 8, "&>": 10, "=%": 4, "=>": 6, "=*": 6, "&*": 10, "=}": 6, "&}": 10, "&(": 5, "=)": 10, "&)": 10, "=-": 10, "&-": 10,
  "&z": 9, "=;": 21, "='": 11, "&,1": 18, "&,2": 18, "&,4": 40,
};
const coiForm = /^CH[0-9A-Z]{13}$/;
const dinForm = /^[0-9A-Z]{5}[0-9]{2}[0-9A-Z]{6}$/;
const divisionForm = /^[0-9A-Z]{6}$/;

function mod37(text) {
  let sum = 0;
  for (const c of text) {
    const v = isbt.indexOf(c);
    if (v < 0 || v > 35) {
      return "";
    }
    sum = ((sum + v) * 2) % 37;
  }
  return isbt[(38 - sum) % 37];
}

// gf32 is the check character of a plant's own identifiers: a weighted sum over the field of 32 elements.
function gf32(text) {
  let sum = 0;
  for (const c of text) {
    const v = plant.indexOf(c);
    if (v < 0) {
      return "";
    }
    sum = (sum ^ v) << 1;
    if (sum & 32) {
      sum ^= 0b100101;
    }
  }
  return plant[sum];
}

const checkOf = (facility, text) => (facility === "0" ? gf32(text) : mod37(text));

export function readLabel(raw) {
  if (!raw || raw.length > 512) {
    return null;
  }
  const symbology = raw.match(/^\][A-Za-z][A-Za-z0-9]/)?.[0] ?? "";
  const text = raw.slice(symbology.length);
  if (raw.includes(fnc1) || (symbologies.includes(symbology) && /^[0-9]/.test(text))) {
    return elements(text.replace(/^\u001d/, ""), symbology);
  }
  if (text.startsWith("=+")) {
    return compound(text);
  }
  if (text.startsWith("RB:")) {
    return ofPlant(text);
  }
  if (text[0] === "=" || text[0] === "&") {
    const one = next(text);
    return one && one.rest === "" && ["=", "&/", "=,", "=<", "&>", "&,4"].includes(one.id) ? take({}, one) : null;
  }
  return symbology ? null : typed(text);
}

// elements reads a label of a plant whose codes are those of GS1: trade item, expiry, batch, container, and what is ours in (91).
// The linear code has only the first and the third, and names nothing that is compared here.
function elements(text, symbology) {
  const parts = text.match(/^01([0-9]{14})(?:7003([0-9]{10})\u001d)?10([A-Z]{1,6}[0-9]{7}[0-9A-Z*])(?:\u001d21([0-9A-Z]{19}[0-9A-Z*])\u001d91(CH[0-9A-Z]{13})(?!00)([0-9]{2})(.{6})[0-9A-Z*])?$/);
  if (!parts || (symbology && !symbologies.includes(symbology))) {
    return null;
  }
  const [, gtin, expiry, batch, container, coi, , tail] = parts;
  const digits = [...gtin].reverse().reduce((sum, d, i) => sum + Number(d) * (i % 2 === 0 ? 1 : 3), 0);
  if (digits % 10 !== 0 || batch.at(-1) !== mod37(batch.slice(0, -1)) || (expiry && !moment(expiry))) {
    return null;
  }
  if (!container) {
    return expiry ? null : {};
  }
  const id = container.slice(0, -1);
  if (tail !== canary || text.at(-1) !== mod37(text.slice(0, -1).replace(/[^0-9A-Z]/g, "")) || container.at(-1) !== checkOf(id[0], id)) {
    return null;
  }
  return coiForm.test(coi) && dinForm.test(id.slice(0, 13)) ? { coi, din: id.slice(0, 13), division: id.slice(13) } : null;
}

// moment tells whether YYMMDDhhmm is a time.
function moment(text) {
  const [year, month, day, hour, minute] = text.match(/../g).map(Number);
  return new Date(Date.UTC(2000 + year, month - 1, day)).getUTCMonth() === month - 1 && day > 0 && hour < 24 && minute < 60;
}

function next(text) {
  let id = text.slice(0, 2);
  if (id === "&,") {
    id = text.slice(0, 3);
  }
  let length = lengths[id];
  if (text[0] === "=" && /[A-NP-Z1-9]/.test(text[1] ?? "")) {
    id = "=";
    length = 15;
  }
  const data = text.slice(id.length);
  return length && data.length >= length ? { id, data: data.slice(0, length), rest: data.slice(length) } : null;
}

function take(into, { id, data }) {
  if (id === "&/") {
    return coiForm.test(data) ? { ...into, coi: data } : null;
  }
  if (id === "=,") {
    return divisionForm.test(data) ? { ...into, division: data } : null;
  }
  if (id === "=") {
    const din = data.slice(0, 13);
    const flag = Number(data.slice(13));
    if (!dinForm.test(din) || !/^[0-9]{2}$/.test(data.slice(13)) || flag > 96 || (flag >= 60 && flag !== 60 + isbt.indexOf(mod37(din)))) {
      return null;
    }
    return { ...into, din };
  }
  return id === "&z" || id === "=<" || /^[A-Za-z0-9]*$/.test(data) ? into : null;
}

function compound(text) {
  if (!/^=\+[0-9]{2}000/.test(text)) {
    return null;
  }
  let into = {};
  const seen = [];
  for (let rest = text.slice(7); rest !== ""; ) {
    const one = next(rest);
    into = one && !seen.includes(one.id) ? take(into, one) : null;
    if (!into || (one.id === "&z" && !own(text, one))) {
      return null;
    }
    seen.push(one.id);
    rest = one.rest;
  }
  return seen.length > 0 && seen.length === Number(text.slice(2, 4)) ? into : null;
}

// own holds the structure that ends our labels: serial, canary, and a check character over everything before it.
function own(text, one) {
  const body = text.slice(0, -1);
  return one.rest === "" && /^(?!00)[0-9]{2}/.test(one.data) && one.data.slice(2, 8) === canary && text.at(-1) === mod37(body.replace(/[^0-9A-Z]/g, ""));
}

function ofPlant(text) {
  const tailed = text.endsWith(canary);
  const parts = (tailed ? text.slice(0, -canary.length) : text).slice(3).split("/");
  const check = parts.pop();
  if (parts.length === 0 || parts.includes("") || check !== gf32(parts.join(""))) {
    return null;
  }
  const into = {};
  let serial = false;
  for (const part of parts) {
    if (serial) {
      return null;
    } else if (part.length === 15 && !into.coi && !into.din && coiForm.test(part)) {
      into.coi = part;
    } else if (part.length === 13 && !into.din && dinForm.test(part)) {
      into.din = part;
    } else if (part.length === 6 && into.din && !into.division) {
      into.division = part;
    } else if (part.length === 2 && into.division && /^(?!00)[0-9]{2}$/.test(part)) {
      serial = true;
    } else if (!(part.length === 10 && into.division && /^[0-9]{10}$/.test(part))) {
      return null;
    }
  }
  return serial === tailed && (serial || !into.division) && (!serial || into.coi) ? into : null;
}

function typed(text) {
  const groups = { 14: /^(.{5}) ?(..) ?(.{6}) ?(.)$/, 16: /^(CH) ?(.{5}) ?(..) ?(.{6}) ?(.)$/, 20: /^(.{5}) ?(..) ?(.{6})[ /]?(.{6}) ?(.)$/ }[text.replace(/[ /]/g, "").length];
  const parts = text.match(groups ?? /^\b\B$/)?.slice(1);
  if (!parts) {
    return null;
  }
  const check = parts.pop();
  const body = parts.join("");
  if (check !== checkOf(body.replace(/^CH/, "")[0], body)) {
    return null;
  }
  if (parts[0] === "CH") {
    return coiForm.test(body) ? { coi: body } : null;
  }
  const din = body.slice(0, 13);
  return dinForm.test(din) ? (body.length > 13 ? { din, division: body.slice(13) } : { din }) : null;
}
