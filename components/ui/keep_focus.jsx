/** The focus is never lost: when what held it goes away, it moves to what took its place, else to what is near, in the dialog or page it was in;
 * when what held it is put elsewhere, as a line of a list is, it follows. */

const STOPS = "a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex='-1'])";
const seen = (element) => element.getClientRects().length > 0;
let held = null;
let levels = []; // from what holds the focus up to its dialog or page: each with its parent and neighbours, as they were

function note({ target }) {
  if (!(target instanceof Element) || target === document.body) return;
  held = target;
  levels = [];
  for (let node = target; node.parentElement && !node.matches("dialog, main, body"); node = node.parentElement) {
    levels.push({ node, parent: node.parentElement, beside: [node.nextElementSibling, node.previousElementSibling] });
  }
}

const stopOf = (element) => {
  if (!element?.isConnected) return null;
  return [...(element.matches(STOPS) ? [element] : []), ...element.querySelectorAll(STOPS)].find(seen) ?? null;
};

/** What bears the name of what went away, else what stood nearest to it, but nothing outside of the dialog that is open. */
function near() {
  const dialog = [...document.querySelectorAll("dialog:modal")].pop();
  const again = held.id ? stopOf(document.getElementById(held.id)) : null;
  if (again && (!dialog || dialog.contains(again))) return again;
  const around = dialog ?? document.querySelector("main");
  const allowed = (element) => element && around?.contains(element);
  for (const { node, parent, beside } of levels) {
    if (node.isConnected && seen(node) && !node.disabled) break;
    for (const place of [...beside, parent === around ? null : parent]) {
      const stop = stopOf(place);
      if (allowed(stop)) return stop;
    }
  }
  return dialog ? stopOf(dialog) ?? dialog : document.querySelector("main [data-takes-focus] [tabindex='0']") ?? around;
}

const nowhere = () => held && (!document.activeElement || document.activeElement === document.body);
const lost = () => nowhere() && (!held.isConnected || held.disabled || !seen(held));
const put = (records) => nowhere() && records.some(({ addedNodes }) => [...addedNodes].some((node) => node.contains(held)));

/** After two frames: whatever knows better where to go has gone there. */
function changed(records) {
  const moved = put(records);
  if (!moved && !held?.disabled && !lost()) return; // what was just disabled still has the focus, until it is drawn
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (lost()) near()?.focus({ preventScroll: true });
    else if (moved && nowhere()) held.focus();
  }));
}

if (typeof document !== "undefined" && !window.maiiaFocus) {
  window.maiiaFocus = true;
  document.addEventListener("focusin", note);
  document.addEventListener("click", (event) => { // the second of a double click: what is marked so may have moved away, and another come there
    if (event.detail > 1 && event.target.closest?.("[data-once]")) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  new MutationObserver(changed).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "hidden"] });
}
