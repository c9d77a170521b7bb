import { useEffect } from "react";

/** Where the focus goes when this comes in the place of what held it; inside a dialog that is still closed, the dialog decides. */
export function Refocus({ target }) {
  useEffect(() => {
    const wanted = document.getElementById(target);
    const dialog = wanted?.closest("dialog");
    const held = document.activeElement;
    if (dialog && !dialog.open) return;
    if (!held || held === document.body || held === dialog || held.closest("[hidden]")) wanted?.focus(); // what was hidden just now still holds it
  }, [target]);
  return null;
}
