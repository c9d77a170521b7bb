import { useEffect } from "react";

/** Keeps the chosen day in sight in its strip. */
export function ChosenDay({ day }) {
  useEffect(() => {
    const chosen = document.getElementById(`jour-${day}`);
    const strip = chosen?.parentElement;
    if (strip) strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
  }, [day]);
  return null;
}
