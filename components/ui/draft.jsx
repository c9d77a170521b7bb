import { useEffect, useRef } from "react";

const PREFIX = "draft:";
const AUTHORS = "auteurs-brouillons"; // who may come back to this screen, as the lock screen noted it
const kept = (field) => field.name && !field.disabled && !["password", "file", "hidden", "submit", "button"].includes(field.type) && field.autocomplete !== "one-time-code";

function read(form) {
  const values = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) values[field.name] = [...(values[field.name] ?? []), field.value];
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

function restore(form, values) {
  if (Object.values(values).some((value) => value.length)) form.closest("details")?.setAttribute("open", "");
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in values)) continue;
    const value = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      const wanted = Array.isArray(value) && value.includes(field.value);
      if (field.checked !== wanted) field.click();
    } else if (field.value !== value) write(field, value);
  }
}

/** Keeps what is being typed in the form around it, in this tab, for its owner; emptied, and what unfolds it closed, when `done` changes. */
export function Draft({ name, owner = "", done = "" }) {
  const marker = useRef(null);
  const last = useRef(done);
  const key = `${PREFIX}${owner}:${name}`;

  useEffect(() => {
    const form = marker.current.closest("form");
    if (owner) {
      const authors = [owner, ...JSON.parse(sessionStorage.getItem(AUTHORS) ?? "[]")];
      for (const other of Object.keys(sessionStorage)) {
        if (other.startsWith(PREFIX) && !authors.some((one) => other.startsWith(`${PREFIX}${one}:`))) sessionStorage.removeItem(other);
      }
    }
    const saved = sessionStorage.getItem(key);
    if (saved) restore(form, JSON.parse(saved));
    const keep = () => sessionStorage.setItem(key, JSON.stringify(read(form)));
    const drop = () => sessionStorage.removeItem(key);
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("reset", drop);
    return () => {
      form.removeEventListener("input", keep);
      form.removeEventListener("change", keep);
      form.removeEventListener("reset", drop);
    };
  }, [key]);

  useEffect(() => {
    if (last.current === done) return;
    last.current = done;
    sessionStorage.removeItem(key);
    const form = marker.current.closest("form");
    form.reset();
    form.closest("details")?.removeAttribute("open");
  }, [done]);

  return <span ref={marker} hidden />;
}
