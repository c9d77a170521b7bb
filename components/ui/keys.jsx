import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";
import { openDialog } from "./dialog.jsx";

const STORAGE = "single-key-shortcuts";
const entries = new Set();
const listeners = new Set();
let snapshot = [];
let enabled = null;

const NAMES = { "ArrowLeft": "←", "ArrowRight": "→", "ArrowUp": "↑", "ArrowDown": "↓", Enter: "Entrée", Escape: "Échap", " ": "Espace", Shift: "Maj" };

function changed() {
  snapshot = [...entries].map((ref) => ref.current);
  listeners.forEach((listener) => listener());
}
const subscribe = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };
const nothing = [];
const useEntries = () => useSyncExternalStore(subscribe, () => snapshot, () => nothing);

/** Single keys can be switched off, for people whose tools send letters (WCAG 2.1.4). */
function singleKeys() {
  if (enabled === null) enabled = localStorage.getItem(STORAGE) !== "off";
  return enabled;
}

/** Whether somebody is typing there; a field of a dialog that was just closed still holds the focus for a moment. */
const types = (target) => target.closest("dialog")?.open !== false && isField(target);
const isField = (target) =>
  target.isContentEditable || target.closest("textarea, select, [role=combobox], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

function matches(binding, event) {
  const [key, ...modifiers] = binding.split("+").reverse();
  const control = modifiers.includes("Ctrl");
  if (control !== (event.ctrlKey || event.metaKey) || modifiers.includes("Alt") !== event.altKey) return false;
  return event.key === key || (event.key.length === 1 && event.key.toLowerCase() === key.toLowerCase());
}

/** Whether the keys do something on the page as it is: what they press is there, and no closed dialog holds them. */
function works({ element, target }) {
  const dialog = element?.closest("dialog");
  return (!dialog || dialog.open) && (!target || document.querySelector(target) !== null);
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const dialog = [...document.querySelectorAll("dialog:modal")].pop();
  for (const ref of [...entries].reverse()) {
    const entry = ref.current;
    const keys = entry.keys.split(" ");
    const binding = keys.find((one) => matches(one, event));
    if (!binding) continue;
    const plain = !binding.includes("Ctrl+");
    if (plain && (!singleKeys() || types(event.target))) continue;
    if ((dialog && !dialog.contains(entry.element)) || !works(entry)) continue;
    event.preventDefault();
    entry.run();
    return;
  }
}

if (typeof document !== "undefined" && !window.maiiaKeys) {
  window.maiiaKeys = true;
  document.addEventListener("keydown", (event) => pressed(event));
}

/** Bind keys ("n", "Ctrl+k /", "ArrowLeft") to a handler, a link, or an element to click, while this is on the page. */
export function Shortcut({ keys, label, group = "Sur cette page", bar = false, href, click, opens, focus, onPress }) {
  const marker = useRef(null);
  const navigate = useNavigate();
  const entry = useRef(null);
  entry.current = {
    keys, label, group, bar,
    target: click || focus || (opens && `#${opens}`),
    get element() { return marker.current; },
    run() {
      if (opens) openDialog(document.getElementById(opens));
      else if (click) document.querySelector(click)?.click();
      else if (focus) document.querySelector(focus)?.focus();
      else if (href) navigate(href);
      else onPress?.();
    },
  };
  useEffect(() => {
    entries.add(entry);
    changed();
    return () => { entries.delete(entry); changed(); };
  }, [keys, label, group, bar]);
  return <span ref={marker} hidden />;
}

function Keys({ keys }) {
  return keys.split(" ").map((binding) => (
    <span key={binding} className="keys">
      {binding.split("+").map((key) => <kbd key={key}>{NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd>)}
    </span>
  ));
}

/** The few shortcuts worth seeing at all times, at the foot of the page. */
export function KeyBar({ children }) {
  const all = useEntries().filter((entry) => entry.bar);
  return (
    <div className="key-bar" role="note" aria-label="Raccourcis clavier">
      {all.map((entry) => <span key={entry.keys + entry.label}><Keys keys={entry.keys} />{entry.label.toLocaleLowerCase("fr")}</span>)}
      {children}
    </div>
  );
}

/** Every named shortcut that works right now, by group, and the switch of single keys; one without a name belongs to the one before it. */
export function ShortcutMap() {
  const [, look] = useState(0);
  const named = useEntries().filter((entry) => entry.label && works(entry));
  const all = named.filter((entry, index) => named.findIndex((one) => one.keys === entry.keys && one.label === entry.label) === index);
  const groups = [...new Set(all.map((entry) => entry.group))];
  const box = useRef(null);
  useEffect(() => {
    box.current.checked = singleKeys();
    const dialog = box.current.closest("dialog");
    const opened = () => look((before) => before + 1); // what works may have changed since
    dialog?.addEventListener("focusin", opened);
    return () => dialog?.removeEventListener("focusin", opened);
  }, []);
  const switched = (event) => {
    enabled = event.target.checked;
    localStorage.setItem(STORAGE, enabled ? "on" : "off");
  };
  return (
    <div className="shortcut-map">
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl>
            {all.filter((entry) => entry.group === group).map((entry) => (
              <div key={entry.keys + entry.label}><dt>{entry.label}</dt><dd><Keys keys={entry.keys} /></dd></div>
            ))}
          </dl>
        </section>
      ))}
      <label className="check">
        <input ref={box} type="checkbox" defaultChecked onChange={switched} />
        <span>Raccourcis à une seule touche<br /><span className="hint">À décocher si vous dictez ou utilisez un outil qui écrit des lettres.</span></span>
      </label>
    </div>
  );
}
