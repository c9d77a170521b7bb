/* Registers the worker that shows the offline page; nothing else. */
if ("serviceWorker" in navigator && window.isSecureContext) {
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => {
      /* Without the worker everything works but the offline page. */
    });
  });
}
