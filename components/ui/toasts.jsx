import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const ICONS = { success: "circle-check", info: "info", warning: "triangle-alert", error: "circle-x" };
const PLAIN_MS = 6000;
const WITH_ACTION_MS = 20000;
const SPOKEN_AFTER_MS = 100;

/** On which page each message was first shown: it leaves with that page. Every page has its own region, so this outlives them. */
const places = new Map();
const pathOf = (pathname) => pathname.replace(/\/+$/, "") || "/";

/** One message: it leaves by itself, but waits while pointed at or focused; an error stays until dismissed. */
function Toast({ item, onDismiss, onAction }) {
  const timer = useRef(0);
  const held = useRef(new Set());
  const dismiss = useRef(onDismiss);
  dismiss.current = onDismiss;
  const leave = () => dismiss.current?.(item.id);
  const wait = () => clearTimeout(timer.current);
  const start = () => {
    wait();
    if (item.kind !== "error" && !held.current.size) timer.current = setTimeout(leave, item.action ? WITH_ACTION_MS : PLAIN_MS);
  };
  const hold = (by) => () => { held.current.add(by); wait(); };
  const release = (by) => () => { held.current.delete(by); start(); };
  useEffect(() => { start(); return wait; }, [item.id]);

  return (
    <div className="toast" data-kind={item.kind} onPointerEnter={hold("pointer")} onPointerLeave={release("pointer")} onFocus={hold("focus")} onBlur={release("focus")}>
      <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${ICONS[item.kind] ?? "info"}`} /></svg>
      <span className="grow">{item.message}</span>
      {item.action ? <button type="button" className="toast-action" onClick={() => onAction?.(item.id)}>{item.action}</button> : null}
      <button type="button" className="toast-close" aria-label="Fermer ce message" onClick={leave}>
        <svg className="icon" aria-hidden="true"><use href="/icons.svg#x" /></svg>
      </button>
    </div>
  );
}

/** The messages of this page: those of a page one has left are dismissed. */
function useOwn(items, onDismiss) {
  const here = pathOf(useLocation().pathname);
  const dismiss = useRef(onDismiss);
  dismiss.current = onDismiss;
  for (const item of items) if (!places.has(item.id)) places.set(item.id, here);
  const left = items.filter((item) => places.get(item.id) !== here).map((item) => item.id).join();
  useEffect(() => { if (left) left.split(",").forEach((id) => dismiss.current?.(id)); }, [left]);
  return items.filter((item) => places.get(item.id) === here);
}

/** What the server has to say, shown and spoken; in the top layer so that an open dialog does not cover it. */
export function Toasts({ items = [], onDismiss, onAction }) {
  const element = useRef(null);
  const [speaks, setSpeaks] = useState(false);
  const own = useOwn(items, onDismiss);
  useEffect(() => {
    const timer = setTimeout(() => setSpeaks(true), SPOKEN_AFTER_MS); // a region that comes with its words in it is not read out
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const holder = element.current;
    if (holder.matches(":popover-open")) holder.hidePopover();
    if (own.length) holder.showPopover();
  }, [own.map((item) => item.id).join()]);
  const polite = own.filter((item) => item.kind !== "error");
  const urgent = own.filter((item) => item.kind === "error");
  const draw = (item) => <Toast key={item.id} item={item} onDismiss={onDismiss} onAction={onAction} />;
  const speak = (item) => <p key={item.id}>{item.message}</p>;

  return (
    <>
      <div ref={element} popover="manual" className="toasts" role="region" aria-label="Messages">
        {polite.map(draw)}
        {urgent.map(draw)}
      </div>
      <div className="visually-hidden" role="status">{speaks ? polite.map(speak) : null}</div>
      <div className="visually-hidden" role="alert">{speaks ? urgent.map(speak) : null}</div>
    </>
  );
}
