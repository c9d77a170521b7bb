import { useCallback, useEffect, useRef } from "react";

const lastInvoker = new WeakMap();
const FIELDS = ".sheet-body :is(input:not([type=hidden], [readonly]), select, textarea):not(:disabled)"; // what a dialog asks for comes first

/** What an element is in, from the nearest on, below the page itself. */
function around(element) {
  const found = [];
  for (let node = element?.parentElement; node && !node.matches("main, body, dialog"); node = node.parentElement) found.push(node);
  return found;
}

/** Open a dialog as a modal, remembering what had the focus. */
export function openDialog(dialog) {
  if (!dialog || dialog.open) return;
  lastInvoker.set(dialog, { invoker: document.activeElement, places: around(document.activeElement) });
  dialog.showModal();
  const wanted = dialog.querySelector("[data-autofocus]") ?? [...dialog.querySelectorAll(FIELDS)].find((field) => field.checkVisibility());
  if (wanted) wanted.focus();
}

/** What is left of them, itself: its first button is not what one came for. */
function left(places) {
  const place = places.find((one) => one.isConnected);
  if (place) place.tabIndex = -1;
  return place;
}

/** Give the focus back to what opened the dialog; when that is gone to the stop of the list that it was in, to what is left around it, else to the page. */
function giveFocusBack(dialog) {
  if (document.querySelector("dialog:modal")) return;
  const { invoker, places = [] } = lastInvoker.get(dialog) ?? {};
  const held = document.activeElement;
  if (held && held !== document.body && !dialog.contains(held)) return;
  if (invoker && invoker.isConnected && invoker !== document.body) invoker.focus();
  else (document.querySelector("main [data-takes-focus] [tabindex='0']") ?? left(places) ?? document.querySelector("main h1, main"))?.focus();
}

/** Close a dialog as Escape does: what it is told by « cancel » is heard before whatever comes next. */
function shut(dialog) {
  if (dialog?.open && dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
}

if (typeof document !== "undefined" && !window.maiiaDialogs) {
  window.maiiaDialogs = true;
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener) openDialog(document.getElementById(opener.dataset.opens));
    const closer = event.target.closest?.("[data-closes]");
    if (closer) shut(closer.closest("dialog"));
  });
}

/**
 * A native modal dialog, opened by `open` (a state var) or by any element with data-opens="<id>". `turn` grows each time that it opens: closed
 * here and opened anew at once, `open` may never be seen to change.
 */
export function Dialog({ id, open, turn, lightDismiss, onClose, onOpen, className, role, labelledBy, describedBy, label, children }) {
  const element = useRef(null);
  const latest = useRef({});
  latest.current = { open, onClose };

  useEffect(() => {
    const dialog = element.current;
    if (open === true) openDialog(dialog);
    else if (open === false && dialog.open) dialog.close();
  }, [open, turn]);

  const told = useRef(false);
  const tell = () => { if (latest.current.open !== false) latest.current.onClose?.(); };
  const cancelled = useCallback((event) => { // « close » comes later, perhaps after the next key: told then, it would close what that key opened
    if (event.target !== element.current || event.defaultPrevented) return;
    told.current = true;
    tell();
  }, []);
  const closed = useCallback((event) => {
    if (event.target !== element.current) return;
    giveFocusBack(element.current);
    if (!told.current) tell();
    told.current = false;
  }, []);
  const toggled = useCallback((event) => {
    if (event.target === element.current && event.newState === "open") onOpen?.();
  }, [onOpen]);
  const pressed = useCallback((event) => {
    if (lightDismiss && event.target === element.current) shut(element.current);
  }, [lightDismiss]);

  return (
    <dialog
      id={id} ref={element} className={className} role={role}
      aria-label={label} aria-labelledby={labelledBy} aria-describedby={describedBy}
      onCancel={cancelled} onClose={closed} onToggle={toggled} onPointerDown={pressed}
    >
      {children}
    </dialog>
  );
}
