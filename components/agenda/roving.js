/** One stop of the Tab key in the calendar, kept in the page itself: moving the focus draws nothing anew. */

import { useEffect, useRef } from "react";

export const STOPS = "button:is([data-visit], [data-free])";
const columnOf = (stop) => stop.closest("[data-column]")?.dataset.column;
const top = (element) => element.getBoundingClientRect().top;

/** The stop that takes over from one that is gone: its visit wherever it went, else the nearest of its column, else the earliest of all. */
function heir(body, gone) {
  const all = [...body?.querySelectorAll(STOPS) ?? []];
  if (!gone) return all.filter((stop) => columnOf(stop) === columnOf(all[0])).sort((a, b) => top(a) - top(b))[0];
  const same = all.find((stop) => (gone.visit && stop.dataset.visit === gone.visit) || (gone.free && stop.dataset.free === gone.free));
  const near = all.filter((stop) => columnOf(stop) === gone.column).sort((a, b) => Math.abs(top(a) - gone.top) - Math.abs(top(b) - gone.top));
  return same ?? near[0] ?? all[0];
}

/** Gives the handler of the focus for the element that holds the stops. A stop that a redraw takes away hands on what it held. */
export function useRoving(body) {
  const held = useRef(null);
  useEffect(() => {
    const last = held.current;
    const lost = last?.focused && !last.stop.isConnected && (document.activeElement === document.body || !document.activeElement);
    const current = [...body.current?.querySelectorAll(`${STOPS}[tabindex='0']`) ?? []];
    if (current.length === 1 && !lost) return;
    const next = heir(body.current, last);
    current.forEach((stop) => { stop.tabIndex = -1; });
    if (!next) return;
    next.tabIndex = 0;
    held.current = note(next, lost);
    if (lost) next.focus();
  });
  return {
    onFocus: (event) => {
      const stop = event.target.closest?.(STOPS);
      if (!stop) return;
      body.current.querySelectorAll(`${STOPS}[tabindex='0']`).forEach((other) => { if (other !== stop) other.tabIndex = -1; });
      stop.tabIndex = 0;
      held.current = note(stop, true);
    },
    onBlur: (event) => { if (held.current && event.relatedTarget) held.current.focused = false; },
  };
}

const note = (stop, focused) => ({ stop, focused, visit: stop.dataset.visit, free: stop.dataset.free, column: columnOf(stop), top: top(stop) });
