/** Asks again every two seconds while something is under way, two minutes at most. */

import { useEffect } from "react";

const EVERY = 2000;
const MOST = 60;

export function WhileWaiting({ active, onTick }) {
  useEffect(() => {
    if (!active) return undefined;
    let left = MOST;
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0) clearInterval(timer);
      onTick?.();
    }, EVERY);
    return () => clearInterval(timer);
  }, [active]);
  return null;
}
