import { useEffect, useRef } from "react";

const ICONS = { success: "circle-check", info: "info", warning: "triangle-alert", error: "circle-x" };
const PLAIN_MS = 6000;
const WITH_ACTION_MS = 12000;

/** One message: it leaves by itself, but waits while pointed at or focused; an error stays until dismissed. */
function Toast({ item, onDismiss, onAction }) {
  const timer = useRef(0);
  const dismiss = useRef(onDismiss);
  dismiss.current = onDismiss;
  const leave = () => dismiss.current?.(item.id);
  const wait = () => clearTimeout(timer.current);
  const start = () => {
    wait();
    if (item.kind !== "error") timer.current = setTimeout(leave, item.action ? WITH_ACTION_MS : PLAIN_MS);
  };
  useEffect(() => { start(); return wait; }, [item.id]);

  return (
    <div className="toast" data-kind={item.kind} onPointerEnter={wait} onPointerLeave={start} onFocus={wait} onBlur={start}>
      <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${ICONS[item.kind] ?? "info"}`} /></svg>
      <span className="grow">{item.message}</span>
      {item.action ? <button type="button" onClick={() => onAction?.(item.id)}>{item.action}</button> : null}
      <button type="button" className="toast-close" aria-label="Fermer ce message" onClick={leave}>
        <svg className="icon" aria-hidden="true"><use href="/icons.svg#x" /></svg>
      </button>
    </div>
  );
}

/** What the server has to say, shown and spoken; in the top layer so that an open dialog does not cover it. */
export function Toasts({ items = [], onDismiss, onAction }) {
  const element = useRef(null);
  useEffect(() => {
    const holder = element.current;
    if (holder.matches(":popover-open")) holder.hidePopover();
    if (items.length) holder.showPopover();
  }, [items.map((item) => item.id).join()]);
  const polite = items.filter((item) => item.kind !== "error");
  const urgent = items.filter((item) => item.kind === "error");
  const draw = (item) => <Toast key={item.id} item={item} onDismiss={onDismiss} onAction={onAction} />;

  return (
    <>
      <div ref={element} popover="manual" className="toasts" role="region" aria-label="Messages">
        {polite.map(draw)}
        {urgent.map(draw)}
      </div>
      <div className="visually-hidden" role="status">{polite.map((item) => <p key={item.id}>{item.message}</p>)}</div>
      <div className="visually-hidden" role="alert">{urgent.map((item) => <p key={item.id}>{item.message}</p>)}</div>
    </>
  );
}
