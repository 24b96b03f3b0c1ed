// The plant's statement to the bedside, and its proof: an entry of the plant's log, its way to the head of the tree (RFC
// 6962), and the log's signature over that head (C2SP checkpoint, Ed25519). All of it is checked here, on the phone, each
// time it is used: a statement of which one character is changed is none.

const utf8 = new TextEncoder();
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));
export const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");
const sha256 = (...parts) => crypto.subtle.digest("SHA-256", joined(...parts));

function joined(...parts) {
  const all = parts.map((p) => new Uint8Array(p));
  const out = new Uint8Array(all.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of all) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

const same = (a, b) => hex(a) === hex(b);
const hold = (is, what) => {
  if (!is) {
    throw new Error(what);
  }
};

// head checks the signature of a checkpoint by the log's key and returns size and root.
async function head(checkpoint, key) {
  const [, name, id, coded] = key.match(/^(.+)\+([0-9a-f]{8})\+(.+)$/) ?? [];
  hold(name, "no key");
  const raw = bytes(coded);
  hold(raw[0] === 1 && raw.length === 33, "not an Ed25519 key");
  hold(hex(await sha256(utf8.encode(`${name}\n`), raw)).slice(0, 8) === id, "the key is not whole");
  const cut = checkpoint.lastIndexOf("\n\n");
  const text = checkpoint.slice(0, cut + 1);
  const line = checkpoint.slice(cut + 2).split("\n").find((l) => l.startsWith(`— ${name} `));
  hold(cut > 0 && line, "not signed by this log");
  const signature = bytes(line.slice(`— ${name} `.length));
  hold(signature.length === 68 && hex(signature.slice(0, 4)) === id, "signed by another key");
  const imported = await crypto.subtle.importKey("raw", raw.slice(1), "Ed25519", false, ["verify"]);
  hold(await crypto.subtle.verify("Ed25519", imported, signature.slice(4), utf8.encode(text)), "the signature does not hold");
  const [origin, size, root] = text.split("\n");
  hold(origin === name && /^[0-9]{1,15}$/.test(size), "not a checkpoint of this log");
  return { size: Number(size), root: bytes(root) };
}

// included follows the audit path from a leaf to the root (RFC 9162, 2.1.3.2).
async function included(leaf, position, path, { size, root }) {
  hold(Number.isSafeInteger(position) && position >= 0 && position < size, "not in the tree");
  let fn = position;
  let sn = size - 1;
  let r = leaf;
  const half = () => {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  };
  for (const p of path) {
    hold(sn > 0, "the path is too long");
    if (fn % 2 === 1 || fn === sn) {
      r = await sha256([1], unhex(p), r);
      while (fn % 2 === 0 && fn !== 0) {
        half();
      }
    } else {
      r = await sha256([1], r, unhex(p));
    }
    half();
  }
  hold(sn === 0 && same(r, root), "not in the tree");
}

// proved returns the statement that a proof proves, with the digest that names it; it throws where anything does not hold.
export async function proved(proof, key, batch) {
  hold(proof, "there is none");
  const raw = bytes(proof.entry);
  await included(await sha256([0], raw), proof.position, proof.inclusion, await head(proof.checkpoint, key));
  const text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
  const entry = JSON.parse(text);
  hold(entry.type === "bedside.stated" && entry.stream === `bedside/${batch}` && entry.data.batch === batch, "of another batch");
  return { ...entry.data, name: hex(await sha256(utf8.encode(text.slice(text.indexOf(',"data":') + 8, -1)))) };
}

// isFile tells whether a file is the signed certificate that the statement names, byte for byte.
export const isFile = async (statement, content) => hex(await sha256(content)) === statement.pdf_sha256;
