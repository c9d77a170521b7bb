/** How one appointment looks and speaks, in a column or in a list. */

import { clock, shortName, span } from "./shapes.js";

export const STATUSES = {
  planned: { icon: "circle-dashed", label: "Prévu" },
  confirmed: { icon: "circle-check", label: "Confirmé" },
  arrived: { icon: "door-open", label: "Arrivé" },
  in_progress: { icon: "circle-play", label: "En cours" },
  fulfilled: { icon: "check-check", label: "Honoré" },
  missed: { icon: "user-x", label: "Absent" },
  cancelled: { icon: "ban", label: "Annulé" },
};
/** One key a status, on the visit that has the focus. */
export const MARK_KEYS = { u: "planned", c: "confirmed", r: "arrived", e: "in_progress", h: "fulfilled", b: "missed" };
export const CANCEL_KEY = "x";

/** Says why a time is kept. */
export const holdWords = (hold) => (hold.offered ? "Proposé à la liste d’attente" : "Réservation en cours");

/** Act on a visit by one key; tells whether the key was one of these. */
export function markByKey(event, block, { onMark, onCancel }) {
  if (event.ctrlKey || event.metaKey || event.altKey || !block || block.status === "cancelled") return false;
  if (!(event.key in MARK_KEYS) && event.key !== CANCEL_KEY) return false;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === CANCEL_KEY) onCancel(block.id);
  else onMark({ id: block.id, status: MARK_KEYS[event.key] });
  return true;
}

export const MODES = { in_person: "Au cabinet", video: "En vidéo" };

export const Icon = ({ name, className = "icon" }) => (
  <svg className={className} aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>
);

/** Signs worth a small drawing: [icon, word]. */
export function signs(block) {
  return [
    block.mode === "video" && ["video", "en vidéo"],
    block.origin !== "desk" && ["globe", block.origin === "api" ? "par une application reliée" : "réservé en ligne"],
    block.note && ["sticky-note", "avec une note"],
    block.over && ["layers-2", "en surnombre"],
  ].filter(Boolean);
}

/** The whole of a visit in one sentence, for those who hear it; `name` is written as it is seen. */
export function spoken(block, name = block.name) {
  const words = [STATUSES[block.status].label.toLowerCase(), ...signs(block).map(([, word]) => word)];
  return `${clock(block.start)}, ${name}, ${block.reason}, ${span(block.length)}, ${words.join(", ")}`;
}

/** One visit of a column. */
export function Visit({ block, flag, ...rest }) {
  const status = STATUSES[block.status];
  return (
    <button type="button" className={`visit hue hue-${block.hue}`} data-visit={block.id} data-status={block.status} aria-label={spoken(block)} {...rest}>
      <Icon name={status.icon} className="icon visit-status" />
      <time className="visit-time">{clock(block.start)}</time>{" "}
      <span className="visit-name"><span className="visit-given" data-initial={`${block.name[0]}.`}><span>{block.name.slice(0, -shortName(block.name).length).trim()}</span></span>{" "}{shortName(block.name)}</span>{" "}
      <span className="visit-reason">{block.reason}</span>
      {flag ? <span className="visit-flag">{flag}</span> : null}
      <span className="visit-signs">{signs(block).map(([icon]) => <Icon key={icon} name={icon} />)}</span>
    </button>
  );
}
