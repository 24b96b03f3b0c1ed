// The phone's own key: made here, unable to leave the browser, so that what it signed was signed on this phone.
const curve = { name: "ECDSA", namedCurve: "P-256" };
const hash = { name: "ECDSA", hash: "SHA-256" };

export const make = () => crypto.subtle.generateKey(curve, false, ["sign"]);

export const publicKey = async (pair) => base64(await crypto.subtle.exportKey("spki", pair.publicKey));

// sign makes the envelope of a document: its exact bytes and the signature over them.
export async function sign(phone, pair, document) {
  const payload = new TextEncoder().encode(JSON.stringify(document));
  const signature = await crypto.subtle.sign(hash, pair.privateKey, payload);
  return { envelope: { phone, payload: base64(payload), signature: base64(signature) }, digest: hex(await crypto.subtle.digest("SHA-256", payload)) };
}

// lock remembers a PIN in a form that does not tell it, so that the page can ask for it while it is offline.
export async function lock(pin, salt = crypto.getRandomValues(new Uint8Array(16))) {
  const from = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: 300000 }, from, 256);
  return { salt, code: hex(bits) };
}

export function base64(buffer) {
  let text = "";
  for (const byte of new Uint8Array(buffer)) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");
}
