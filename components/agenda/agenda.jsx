/** The agenda: what the page loaded, joined with what the live channel says since; a commit goes to the server, the rest stays here. */

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { DayList } from "./day_list.jsx";
import { Grid } from "./grid.jsx";
import { listen, look, setFilter, tell, useShared } from "./live.js";
import { clock, merged } from "./shapes.js";
import { useStable } from "./stable.js";
import { Icon } from "./visit.jsx";
import { Week } from "./week.jsx";

export { MiniMonth } from "./month.jsx";

const FRESH_MS = 6000;
const MINUTE_MS = 60000;
const LOOK_MS = 120000;
const WORDS = { "appointment:booked": "de donner un rendez-vous à", "appointment:moved": "de déplacer", "appointment:cancelled": "d’annuler le rendez-vous de", "appointment:restored": "de rétablir le rendez-vous de", "appointment:noted": "d’écrire une note pour", "appointment:promoted": "de libérer la place de" };
const MARKED = { confirmed: "confirmé", arrived: "arrivé", in_progress: "en consultation", fulfilled: "honoré", missed: "absent", planned: "prévu" };
const PHONE = "(max-width: 719px)";

const watchPhone = (changed) => {
  const query = matchMedia(PHONE);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
};
const useNarrow = () => useSyncExternalStore(watchPhone, () => matchMedia(PHONE).matches, () => false);

/** The site's own clock, told by the server and carried on here. */
function useNow(told) {
  const base = useRef({ told: null, at: 0 });
  const [, tick] = useState(0);
  if (base.current.told !== told) base.current = { told, at: Date.now() };
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 15000);
    return () => clearInterval(timer);
  }, []);
  const minute = told.minute + Math.floor((told.second + (Date.now() - base.current.at) / 1000) / 60);
  return { day: told.day, minute };
}

/** Ids that a moment ago were changed elsewhere. */
function useFresh() {
  const [fresh, setFresh] = useState(() => new Set());
  const timers = useRef(new Map());
  const mark = useCallback((id) => {
    clearTimeout(timers.current.get(id));
    setFresh((before) => new Set(before).add(id));
    timers.current.set(id, setTimeout(() => setFresh((before) => { const after = new Set(before); after.delete(id); return after; }), FRESH_MS));
  }, []);
  return [fresh, mark];
}

/** Times at which colleagues are giving appointments, by screen; each goes by itself after two minutes. */
function useLooks() {
  const [looks, setLooks] = useState(() => new Map());
  const timers = useRef(new Map());
  const see = useCallback((id, at) => {
    const put = (value) => setLooks((before) => { const after = new Map(before); if (value) after.set(id, { ...value, id }); else after.delete(id); return after; });
    clearTimeout(timers.current.get(id));
    put(at);
    if (at) timers.current.set(id, setTimeout(() => put(null), LOOK_MS));
  }, []);
  return [looks, see];
}

const marked = (frame) => frame.action === "appointment:marked" || frame.action === "appointment:identity_checked";
const sentence = (frame, block) => marked(frame) ? `${block.name} : ${MARKED[block.status]} (${frame.by})` : `${frame.by} vient ${WORDS[frame.action] ?? "de changer"} ${block.name}${frame.action === "appointment:cancelled" ? "" : ` à ${clock(block.start)}`}`;

/** Go on to the visit just given, for the next key to be about it; where somebody is at work elsewhere, they stay. */
function goTo(id) {
  const held = document.activeElement;
  if (document.querySelector("dialog:modal") || (held && held !== document.body && !held.closest(".agenda-body"))) return;
  document.querySelector(`.agenda-body [data-visit="${CSS.escape(id)}"]`)?.focus();
}

/** `beside` is a topic of the same line that is none of an agenda: its changes, and each minute, are told to `onBeside`. */
export function Agenda({ window: shown, me, selected: chosen, answer, beside, giving, onSelect, onMove, onCreate, onReschedule, onCancel, onMark, onStale, onBeside, onHold }) {
  const [changes, setChanges] = useState(() => new Map());
  const [pending, setPending] = useState(() => new Map());
  const [selected, setSelected] = useState("");
  const [fresh, mark] = useFresh();
  const [looks, see] = useLooks();
  const [words, say] = useState("");
  const narrow = useNarrow();
  const now = useNow(shown.now);
  const { site, mode } = useShared();
  const latest = useRef({});
  const tokens = useRef(0);

  useEffect(() => setSelected(chosen), [chosen]);
  useEffect(() => setChanges((before) => {
    const versions = new Map(shown.blocks.map((block) => [block.id, block.version]));
    return new Map([...before].filter(([id, change]) => change.version > (versions.get(id) ?? 0) && change.at > Date.now() - 60000));
  }), [shown.blocks]);

  const known = useMemo(() => merged(shown.blocks, changes), [shown.blocks, changes]);
  const blocks = useMemo(() => known.map((block) => (pending.has(block.id) ? { ...block, ...pending.get(block.id).put } : block)), [known, pending]);
  latest.current = { known, me, pending, onStale, onBeside };

  const apply = useCallback((id, version, block) => setChanges((before) => {
    const held = before.get(id);
    if (held && (held.version > version || (held.version === version && !block))) return before;
    return new Map(before).set(id, { id, version, block, at: Date.now() });
  }), []);

  useEffect(() => {
    const timer = setInterval(() => { if (document.visibilityState === "visible") latest.current.onBeside?.(); }, MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  const topics = [...new Set(shown.columns.map((column) => `agenda:${column.practitioner}`))].sort().join(" ");
  useEffect(() => {
    if (!topics) return undefined;
    return listen([...topics.split(" "), ...(beside ? [beside] : [])], {
      onGap: () => { latest.current.onStale?.(); latest.current.onBeside?.(); },
      onFrame: (frame) => {
        if ("look" in frame) { see(frame.id, frame.look && { ...frame.look, practitioner: frame.topic.slice(7) }); return; }
        if (frame.topic === beside) { latest.current.onBeside?.(); return; }
        const before = latest.current.known.find((block) => block.id === frame.id);
        if (!frame.appointment && !before) { latest.current.onStale?.(); return; } // a hold, come or gone
        if (!frame.appointment && before && frame.topic !== `agenda:${before.practitioner}`) return;
        apply(frame.id, frame.version, frame.appointment);
        const block = frame.appointment;
        if (!block || (before && before.version >= frame.version)) return;
        const mine = frame.by === latest.current.me;
        if (!mine || !latest.current.pending.has(frame.id)) mark(frame.id);
        if (!mine) tell(sentence(frame, block));
      },
    });
  }, [topics, beside]);

  const at = giving ? /^(\d{1,2})\s*[hH:.]?\s*(\d{2})?$/.exec(giving.time.trim()) : null;
  const spot = at && Number(at[1]) < 24 && giving.day ? JSON.stringify({ practitioner: giving.practitioner, day: giving.day, start: Number(at[1]) * 60 + Number(at[2] ?? 0) }) : "";
  useEffect(() => look(spot ? JSON.parse(spot) : null), [spot]);

  useEffect(() => {
    if (!answer.token) return;
    setPending((before) => {
      const after = new Map(before);
      for (const [id, held] of before) if (held.token === answer.token) after.delete(id);
      return after;
    });
    if (answer.block) apply(answer.block.id, answer.block.version, answer.block);
    else if (answer.id) mark(answer.id);
    if (answer.block && answer.token.startsWith("pris-")) requestAnimationFrame(() => requestAnimationFrame(() => goTo(answer.id)));
  }, [answer]);

  const select = (id) => { setSelected(id); onSelect?.(id); };
  const move = (block, put) => {
    tokens.current += 1;
    const token = `${Date.now()}-${tokens.current}`;
    setPending((before) => new Map(before).set(block.id, { token, put }));
    onMove?.({ token, id: block.id, ...put });
  };
  const out = useCallback((block) => Boolean((site && block.site !== site) || (mode && block.mode !== mode)), [site, mode]);
  const seen = useMemo(() => [...looks.values()], [looks]);
  const act = useStable({ onSelect: select, onCreate, onCancel, onMark, onHold });
  const view = { window: shown, blocks, selected, fresh, ...act };
  const barred = [...new Set(shown.columns.filter((column) => column.barred).map((column) => `${column.name} : ${column.barred.toLowerCase()}`))].sort().join(", ");
  const were = useRef(barred);
  useEffect(() => {
    const [before, after] = [were.current, barred].map((lines) => lines.split(", ").filter(Boolean));
    const [shut, open] = [after.filter((line) => !before.includes(line)), before.filter((line) => !after.includes(line)).map((line) => line.split(" : ")[0])];
    were.current = barred;
    if (shut.length) tell(`${shut.join(", ")}, pas de nouveau rendez-vous`);
    else if (open.some((name) => shown.columns.some((column) => column.name === name))) tell(`${open.join(", ")} : compte rétabli`);
  }, [barred]);
  const several = shown.view === "semaine" && shown.columns.some((column) => column.practitioner !== shown.columns[0].practitioner);

  return (
    <div className="agenda-frame" id="agenda">
      <p className="visually-hidden" role="status">{words}</p>
      {barred && !several && shown.view !== "jour" ? <p className="banner banner-warning agenda-barred-line"><Icon name="ban" /><span>{barred}, pas de nouveau rendez-vous.</span></p> : null}
      {shown.view === "liste"
        ? <DayList {...view} looks={seen} hidden={out} onMove={onReschedule} />
        : several
          ? <Week {...view} {...{ now, narrow, pending, site }} looks={seen} dimmed={out} onMove={onReschedule} />
          : <Grid {...view} {...{ now, narrow, pending, say }} looks={seen} dimmed={out} onMove={move} onReschedule={onReschedule} />}
    </div>
  );
}

/** Since when the line is cut; nothing while it holds. */
export function LiveLine() {
  const { since } = useShared();
  if (!since) return null;
  const at = new Date(since);
  return (
    <div className="banner banner-warning live-cut" role="status">
      <Icon name="wifi-off" />
      <div className="grow"><b>Connexion interrompue depuis {clock(at.getHours() * 60 + at.getMinutes())}.</b> L’agenda affiché peut avoir changé. Nouvelle tentative en cours…</div>
    </div>
  );
}

/** The last change made elsewhere, in words. */
export function LiveNews() {
  const { news } = useShared();
  return <span className="push" role="status">{news ? <><Icon name="users" /><span className="clip">{news}</span></> : null}</span>;
}

/** What to show of the agenda: a practitioner (given), a site, a mode; kept while one moves from day to day. On a phone behind one button.
 * The server offers free times of the site that it was `told`. */
export function AgendaFilters({ sites, told, onSite, children }) {
  const { site, mode } = useShared();
  useEffect(() => { if (site !== told) onSite(site); }, [site]);
  const chosen = [site, mode].filter(Boolean).length;
  const select = (name, label, value, options) => (
    <label className="agenda-filter"><span>{label}</span>
      <select className="select" value={value} onChange={(event) => setFilter({ [name]: event.target.value })}>
        {options.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
      </select>
    </label>
  );
  return (
    <>
      <button type="button" className="button agenda-filters-button" popoverTarget="agenda-filtres">
        <span>Filtres{chosen ? ` (${chosen})` : ""}</span><Icon name="chevron-down" />
      </button>
      <div id="agenda-filtres" className="agenda-filters" popover="auto" role="group" aria-label="Filtres">
        {children}
        {sites.length > 1 ? select("site", "Lieu", site, [["", "Tous les lieux"], ...sites.map((one) => [one.id, one.name])]) : null}
        {select("mode", "Mode de consultation", mode, [["", "Cabinet et vidéo"], ["in_person", "Au cabinet"], ["video", "En vidéo"]])}
        <button type="button" className="button button-primary agenda-filters-button" popoverTarget="agenda-filtres" popoverTargetAction="hide">Voir l’agenda</button>
      </div>
    </>
  );
}
