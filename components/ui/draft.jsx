import { useEffect, useRef, useState } from "react";

const PREFIX = "draft:";
const kept = (field) => field.name && !field.disabled && !["password", "file", "submit", "button"].includes(field.type) && (field.type !== "hidden" || "draft" in field.dataset) && field.autocomplete !== "one-time-code";

function read(form) {
  const values = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      values[field.name] = [...(values[field.name] ?? []), ...(field.checked ? [field.value] : [])];
    } else values[field.name] = field.value;
  }
  return values;
}

/** Write a value as a person would, so that React hears of it. */
function write(field, value) {
  const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : field instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
}

/** Put back what was typed, but over nothing that somebody typed meanwhile; tells whether it differs from what stood there. */
function restore(form, values, typed) {
  if (Object.values(values).some((value) => value.length)) form.closest("details")?.setAttribute("open", "");
  let changed = false;
  for (const field of [...form.elements]) {
    if (!kept(field) || !(field.name in values) || typed.has(field.name)) continue;
    const value = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      const wanted = Array.isArray(value) && value.includes(field.value);
      if (field.checked !== wanted) { field.click(); changed = true; }
    } else if (field.value !== value) { write(field, value); changed = true; }
  }
  return changed;
}

/**
 * Keeps what is being typed in the form around it, in this tab, for its owner, and says when it was brought back; emptied, and what unfolds
 * it closed, when `done` changes. In a dialog (`open` is given) it is brought back at each opening, but not for another patient than its own.
 */
export function Draft({ name, owner = "", done = "", open, turn = 0, held = {}, resumed = 0, onResume, onDrop }) {
  const marker = useRef(null);
  const drop = useRef(null);
  const last = useRef({ key: "", done, resumed });
  const ready = useRef(false); // whether what stands in the form is this draft's: before, nothing is written over what is kept
  const early = useRef(new Set()); // what somebody typed before the draft came back
  const dropping = useRef(false); // until somebody types again: the state that goes back to its beginning is no draft
  const [told, tell] = useState(false);
  const key = `${PREFIX}${owner}:${name}`;
  const now = JSON.stringify(held);
  const latest = useRef({});
  latest.current = { key, held };
  const first = useRef("");

  const form = () => marker.current.closest("form");
  const saved = () => {
    const draft = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return draft?.typed ? draft : null; // an older release wrote it otherwise
  };
  const save = () => {
    if (!ready.current) return;
    const draft = { typed: {}, held: { ...latest.current.held } };
    for (const [field, value] of Object.entries(read(form()))) draft[field in draft.held ? "held" : "typed"][field] = value; // before the state heard
    sessionStorage.setItem(latest.current.key, JSON.stringify(draft));
  };

  useEffect(() => {
    if (owner) {
      for (const other of Object.keys(sessionStorage)) {
        if (other.startsWith(PREFIX) && !other.startsWith(`${PREFIX}${owner}:`)) sessionStorage.removeItem(other);
      }
    }
    const around = form();
    const typed = (event) => {
      dropping.current = false;
      if (!ready.current) early.current.add(event.target.name);
      save();
    };
    const forget = () => sessionStorage.removeItem(key);
    around.addEventListener("input", typed);
    around.addEventListener("change", typed);
    around.addEventListener("reset", forget);
    return () => {
      around.removeEventListener("input", typed);
      around.removeEventListener("change", typed);
      around.removeEventListener("reset", forget);
    };
  }, [key]);

  useEffect(() => {
    ready.current = false;
    early.current.clear();
    tell(false);
    if (open === false) return;
    const draft = saved();
    first.current = now;
    const another = draft && held.chosen && held.chosen !== draft.held.chosen;
    if (draft && !another && onResume) { onResume(draft.held); return; }
    if (draft && !another && restore(form(), draft.typed, early.current)) tell(true);
    ready.current = true;
  }, [key, open, turn, open === undefined ? now : ""]); // what the state holds was read anew: its fields are drawn anew

  useEffect(() => {
    if (last.current.resumed === resumed) return;
    last.current.resumed = resumed;
    const draft = saved();
    if (open === false || !draft) return;
    restore(form(), draft.typed, early.current);
    ready.current = true;
    first.current = now;
    tell(true);
    if (early.current.size) save();
  }, [resumed]);

  useEffect(() => { // whom and where are chosen, not typed
    if (!ready.current || !open || first.current === now) return;
    first.current = now;
    if (dropping.current) form().querySelector("[data-autofocus=true]")?.focus(); // the form stands at its beginning again
    else save();
  }, [now]);

  useEffect(() => { if (told && open) drop.current.focus(); }, [told]); // not on what confirms: it is another moment, perhaps another caller

  useEffect(() => {
    const before = last.current;
    last.current = { ...before, key, done };
    if (before.done === done || before.key !== key) return; // with another key it only arrived
    sessionStorage.removeItem(key);
    tell(false);
    form().reset();
    form().closest("details")?.removeAttribute("open");
  }, [done, key]);

  const dropped = () => {
    dropping.current = true;
    form().reset();
    sessionStorage.removeItem(key);
    onDrop?.();
    (form().querySelector("[data-autofocus=true]") ?? [...form().elements].find((field) => field.name && field.type !== "hidden"))?.focus();
    tell(false);
  };

  return (
    <>
      <span ref={marker} hidden />
      {told ? (
        <div className="banner note banner-info">
          <svg className="icon" aria-hidden="true"><use href="/icons.svg#undo-2" /></svg>
          <div className="grow" role="status">Brouillon repris.</div>
          <button ref={drop} type="button" className="button button-small" onClick={dropped}><span>Effacer le brouillon</span></button>
        </div>
      ) : null}
    </>
  );
}
