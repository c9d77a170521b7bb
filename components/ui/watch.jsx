import { useEffect, useRef } from "react";

const SHORTEST = 500;
const LONGEST = 15000;
const QUIET = 150;

/**
 * Hears of every change of a topic and has the page read it again, telling the ids that changed (none: any may have); changes that come
 * together count as one. A lost line is taken up again, a little later each time, and the page reads what it may have missed. `every` is
 * in seconds: the page reads by itself, because some things change by the clock alone.
 */
export function Watch({ topic, every = 0, onChange }) {
  const changed = useRef(onChange);
  changed.current = onChange;

  useEffect(() => {
    let socket, again, soon;
    let wait = SHORTEST;
    let lost = false;
    let over = false;
    let ids = [];
    const read = (id) => {
      ids = id && ids ? [...new Set([...ids, id])] : null;
      clearTimeout(soon);
      soon = setTimeout(() => { changed.current?.(ids ?? []); ids = []; }, QUIET);
    };
    const open = () => {
      socket = new WebSocket(`${window.location.origin.replace(/^http/, "ws")}/live`);
      socket.onopen = () => socket.send(JSON.stringify({ watch: [topic] }));
      socket.onmessage = ({ data }) => {
        const told = JSON.parse(data);
        if (told.refused) socket.close(); // nothing is watched: ask again, a little later each time
        if (told.watching) { wait = SHORTEST; lost = false; }
        if (told.watching || told.topic || told.resync) read(told.id); // watching: what changed since the page was read was told to nobody
      };
      socket.onclose = () => {
        if (over) return;
        lost = true;
        again = setTimeout(open, wait * (1 + Math.random() / 2));
        wait = Math.min(wait * 2, LONGEST);
      };
    };
    const woken = () => { if (document.visibilityState === "visible" && lost) read(); };
    const tick = () => { if (document.visibilityState === "visible") changed.current?.([""]); }; // an id of nothing: only the clock moved on
    const timer = every ? setInterval(tick, every * 1000) : 0;
    open();
    document.addEventListener("visibilitychange", woken);
    return () => {
      over = true;
      clearInterval(timer);
      clearTimeout(again);
      clearTimeout(soon);
      document.removeEventListener("visibilitychange", woken);
      socket.close();
    };
  }, [topic, every]);
  return null;
}
