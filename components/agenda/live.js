/** The live channel of this tab: one socket, what was changed elsewhere, since when the line is cut. Shared by the parts of the page. */

import { useSyncExternalStore } from "react";

const ENDED = 4001;
const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;
const SILENCE = 50000;
const NOTICE_AFTER = 1500;

let state = { since: null, news: null, site: "", mode: "" };
const listeners = new Set();
const set = (changes) => { state = { ...state, ...changes }; listeners.forEach((listener) => listener()); };
const subscribe = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };
const initial = state;

/** What the parts of the page share: the cut line, the news, the filters. */
export const useShared = () => useSyncExternalStore(subscribe, () => state, () => initial);
export const setFilter = (changes) => set(changes);
export const tell = (news) => set({ news });

let line = null;
let looked = null;
/** Tell colleagues which time an appointment is being given at: `{practitioner, day, start}`, or null. */
export function look(at) {
  looked = at;
  if (line?.readyState === WebSocket.OPEN) line.send(JSON.stringify({ look: at }));
}

/** Keep a socket open on these topics; give what it says to `onFrame`, and call `onGap` when something may have been missed. */
export function listen(topics, { onFrame, onGap }) {
  let socket = null;
  let timer = 0;
  let watchdog = 0;
  let notice = 0;
  let wait = FIRST_WAIT;
  let over = false;
  let cut = false;

  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => socket?.close(), SILENCE);
  };
  const lost = (event) => {
    clearTimeout(watchdog);
    if (over) return;
    if (event.code === ENDED) { over = true; onGap(); return; }
    if (!cut) {
      cut = true;
      const since = Date.now();
      notice = setTimeout(() => set({ since }), NOTICE_AFTER);
    }
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  const said = (event) => {
    alive();
    const message = JSON.parse(event.data);
    if (message.refused) {
      if ("look" in message) return;
      if (message.refused === "not-delegated") onGap(); // an agenda was taken away: the page reads what is left
      socket.close(); // nothing is watched: the page must not look live, and asks again
    } else if (message.watching) {
      clearTimeout(notice);
      set({ since: null });
      wait = FIRST_WAIT;
      cut = false;
      onGap(); // what changed between the page's reading and now was told to nobody, the first time too
    } else if (message.resync) {
      setTimeout(onGap, message.topic ? 0 : Math.random() * 800);
    } else if (message.topic && message.id) {
      onFrame(message);
    }
  };
  function open() {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/live`);
    line = socket;
    socket.onopen = () => { alive(); socket.send(JSON.stringify({ watch: topics })); if (looked) look(looked); };
    socket.onmessage = said;
    socket.onclose = lost;
  }
  const back = () => { if (cut && !over && socket?.readyState === WebSocket.CLOSED) { clearTimeout(timer); open(); } };

  open();
  addEventListener("online", back);
  return () => {
    over = true;
    clearTimeout(timer);
    clearTimeout(watchdog);
    clearTimeout(notice);
    removeEventListener("online", back);
    socket?.close();
    set({ since: null });
  };
}
