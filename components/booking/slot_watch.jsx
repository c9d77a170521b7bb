import { useEffect, useRef } from "react";

const SHORTEST = 500;
const LONGEST = 15000;
const QUIET = 150;

/**
 * Keeps the chosen day in sight, and hears of every change in a practitioner's free time and has the page read it again; changes that come together count as one. A lost
 * line is taken up again, a little later each time, and the page reads what it may have missed.
 */
export function SlotWatch({ practitioner, day, onChange }) {
  const changed = useRef(onChange);
  changed.current = onChange;

  useEffect(() => {
    const chosen = document.getElementById(`jour-${day}`);
    const strip = chosen?.parentElement;
    if (strip) strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
  }, [day]);

  useEffect(() => {
    if (!practitioner) return undefined;
    let socket, again, soon;
    let wait = SHORTEST;
    let lost = false;
    let over = false;
    const read = () => {
      clearTimeout(soon);
      soon = setTimeout(() => changed.current?.(), QUIET);
    };
    const open = () => {
      socket = new WebSocket(`${window.location.origin.replace(/^http/, "ws")}/live`);
      socket.onopen = () => {
        wait = SHORTEST;
        socket.send(JSON.stringify({ watch: [`slots:${practitioner}`] }));
        lost = false;
      };
      socket.onmessage = ({ data }) => {
        const told = JSON.parse(data);
        if (told.watching || told.topic || told.resync) read(); // watching: what changed since the page was read was told to nobody
      };
      socket.onclose = () => {
        if (over) return;
        lost = true;
        again = setTimeout(open, wait * (1 + Math.random() / 2));
        wait = Math.min(wait * 2, LONGEST);
      };
    };
    const woken = () => { if (document.visibilityState === "visible" && lost) read(); };
    open();
    document.addEventListener("visibilitychange", woken);
    return () => {
      over = true;
      clearTimeout(again);
      clearTimeout(soon);
      document.removeEventListener("visibilitychange", woken);
      socket.close();
    };
  }, [practitioner]);
  return null;
}
