/* A profile comes with the page, in words; it leaves once the application has drawn its own, and both are never seen at once. */
(() => {
  const first = document.getElementById("premiere-lecture");
  if (!first) return;
  const { pathname } = location;
  const drawn = () =>
    location.pathname !== pathname || [...document.querySelectorAll(".profile-grid, .empty")].some((one) => !first.contains(one));
  first.classList.add("held");
  const watch = new MutationObserver(() => {
    if (drawn()) {
      watch.disconnect();
      first.remove();
      const [, early] = document.head.querySelectorAll("title"); // the application puts its own first
      early?.remove();
    }
  });
  watch.observe(document, { childList: true, subtree: true });
})();
