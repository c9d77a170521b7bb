import { useEffect } from "react";

/** Keeps the chosen day in sight in its strip, also when the strip gets its width after the day is chosen. */
export function ChosenDay({ day }) {
  useEffect(() => {
    const chosen = document.getElementById(`jour-${day}`);
    const strip = chosen?.parentElement;
    if (!strip) return undefined;
    const sized = new ResizeObserver(() => { strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2; });
    sized.observe(strip);
    sized.observe(chosen);
    return () => sized.disconnect();
  }, [day]);
  return null;
}
