/* Keeps one page for when the network is gone, and the icons of those that are open. Never keeps a page, an answer or a datum of the application. */
const SHELF = "offline-2";
const KEPT = ["/offline.html", "/offline.css", "/fonts/inter-latin.woff2", "/icons/icon.svg", "/icons.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(SHELF)
      .then((shelf) => shelf.addAll(KEPT.map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name))))
      .then(() => self.registration.navigationPreload?.enable()) // pages do not wait for the worker to wake
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(
      Promise.resolve(event.preloadResponse)
        .then((preloaded) => preloaded ?? fetch(request))
        .catch(() => caches.match("/offline.html", { cacheName: SHELF })),
    );
  } else if (KEPT.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(url.pathname, { cacheName: SHELF })));
  }
});
