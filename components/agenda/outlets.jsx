import { useEffect, useId, useRef, useState } from "react";

const PRINTED = "printed-list";

/**
 * Opens the browser's printing at a click, and by itself (unless `onlyAtClick`) once for each list, when its font is there. A list that comes back from before
 * (a reload shows it until the new one is here) was printed already.
 */
export function PrintButton({ label, mark, onlyAtClick = false, quiet = false }) {
  useEffect(() => {
    if (!mark || onlyAtClick || sessionStorage.getItem(PRINTED) === mark) return;
    sessionStorage.setItem(PRINTED, mark);
    document.fonts.ready.then(() => requestAnimationFrame(() => window.print()));
  }, [mark, onlyAtClick]);
  return (
    <button type="button" className={quiet ? "button" : "button button-primary"} disabled={!mark} onClick={() => window.print()}>
      <svg className="icon" aria-hidden="true"><use href="/icons.svg#printer" /></svg>
      <span>{label}</span>
    </button>
  );
}

/** Shows an address to be copied; the whole of it is taken at a click, and the button copies it where the browser lets it. */
export function SecretAddress({ value, label, copy, copied }) {
  const field = useRef(null);
  const id = useId();
  const [done, setDone] = useState(false);
  const take = async () => {
    field.current.select();
    try {
      await navigator.clipboard.writeText(value);
      setDone(true);
    } catch {
      setDone(document.execCommand("copy"));
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="feed-address">
        <input ref={field} id={id} className="input" readOnly value={value} onFocus={(event) => event.target.select()} autoComplete="off" spellCheck={false} />
        <button type="button" className="button button-primary" onClick={take}><span>{copy}</span></button>
      </div>
      <p role="status" className="hint">{done ? copied : ""}</p>
    </div>
  );
}
