import { useEffect, useRef, useState } from "react";
import { openDialog } from "./dialog.jsx";

const CHANNEL = "maiia-presence";
const EVERY = 5 * 60000;
const WARNINGS = [2 * 60000, 10 * 60000];
const SIGNS = ["pointerdown", "keydown"];

const clock = (moment) => {
  if (!moment) return ""; // not warned yet: the page as it is built knows no time zone, and must read the same in the browser
  const at = new Date(moment);
  return `${at.getHours()}\u00a0h\u00a0${String(at.getMinutes()).padStart(2, "0")}`;
};

/**
 * Opens the dialog that it stands in ten and two minutes before the session ends, for want of use (`idle` seconds) or for good (`until`). A key or
 * a pointer in any tab is use: the server is told, so that who only types stays too.
 */
export function Deadline({ idle, until, onStay }) {
  const words = useRef(null);
  const stay = useRef(onStay);
  stay.current = onStay;
  const [end, setEnd] = useState(0);

  useEffect(() => {
    if (!until) return undefined;
    const dialog = words.current.closest("dialog");
    const channel = new BroadcastChannel(CHANNEL);
    const told = new Set();
    let seen = Date.now();
    const tell = () => channel.postMessage(seen);
    const note = () => {
      if (Date.now() - seen < EVERY) return;
      seen = Date.now();
      tell();
      stay.current();
    };
    const check = () => {
      const at = Math.min(seen + idle * 1000, until);
      const left = at - Date.now();
      const warning = WARNINGS.find((before) => left <= before);
      if (left <= 0 || !warning) { dialog.close(); return; } // another tab is in use, or it is over: the next act says so
      const mark = `${at} ${warning}`;
      if (told.has(mark)) return;
      told.add(mark);
      setEnd(at);
      openDialog(dialog);
    };
    tell();
    channel.onmessage = ({ data }) => { seen = Math.max(seen, data); };
    const timer = setInterval(check, 5000);
    for (const sign of SIGNS) document.addEventListener(sign, note, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      channel.close();
      for (const sign of SIGNS) document.removeEventListener(sign, note, { capture: true });
    };
  }, [idle, until]);

  return (
    <p ref={words}>
      {!end ? null : end === until
        ? <>Elle finit à <b>{clock(end)}</b>, quoi que vous fassiez. Enregistrez ce que vous faites, puis connectez-vous de nouveau.</>
        : <>Vous n’avez rien fait depuis longtemps&nbsp;: elle finit à <b>{clock(end)}</b>. Continuez pour rester connecté.</>}
    </p>
  );
}
