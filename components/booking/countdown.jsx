import { useEffect, useState } from "react";

const words = (seconds) => (seconds >= 60 ? `${Math.ceil(seconds / 60)}\u00a0min` : `${Math.max(0, seconds)}\u00a0s`);

/** Counts down quietly to the end of a hold; says so to nobody, since the hour stands beside it. Tells when it is over. */
export function Countdown({ seconds, mark, onEnd }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const ends = performance.now() + seconds * 1000;
    const tick = () => {
      const rest = Math.ceil((ends - performance.now()) / 1000);
      setLeft(rest);
      if (rest > 0) return;
      clearInterval(timer);
      onEnd?.();
    };
    const timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
    tick();
    return () => { clearInterval(timer); document.removeEventListener("visibilitychange", tick); };
  }, [mark]);
  return <span className="soft figures" aria-hidden="true">{left > 0 ? `(encore ${words(left)})` : ""}</span>;
}
