// The worker that lets the courier's page open without a network. It keeps the page and everything it is made of, whole,
// and touches no other page. What is sent is never kept here: the queue is the page's.
const edition = "courier-EDITION"; // the server writes the digest of everything below in its place
const shell = [
  "/courier/", "/courier/words.json", "/static/courier/app.js", "/static/courier/store.js", "/static/courier/key.js", "/static/courier/server.js",
  "/static/courier/camera.js", "/static/courier/reading.js", "/static/courier/bedside.js", "/static/courier/decide.js", "/static/courier/label.js", "/static/courier/statement.js", "/static/courier/view.js", "/static/courier/courier.css", "/static/base.css", "/static/vendor/plex.css", "/static/vendor/idb.js", "/static/vendor/zxing/full/index.js",
  "/static/vendor/zxing/share.js", "/static/vendor/zxing/zxing_full.wasm", "/static/vendor/fonts/IBMPlexSans-Regular-Latin1.woff2",
  "/static/vendor/fonts/IBMPlexSans-SemiBold-Latin1.woff2", "/static/vendor/fonts/IBMPlexMono-Regular-Latin1.woff2", "/static/vendor/fonts/IBMPlexMono-SemiBold-Latin1.woff2",
  "/static/icon.svg",
];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(edition).then((cache) => cache.addAll(shell.map((path) => new Request(path, { cache: "reload" })))).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((n) => n.startsWith("courier-") && n !== edition).map((n) => caches.delete(n)))).then(() => self.clients.claim()),
  );
});

// What was installed together is answered together: a page is never made of two editions. A new edition is fetched whole
// when the browser finds that this file has changed.
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method === "GET" && shell.includes(path)) {
    event.respondWith(caches.open(edition).then((cache) => cache.match(path)).then((kept) => kept ?? fetch(event.request)));
  }
});
