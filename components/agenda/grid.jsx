/** The columns of a day or a week: visits, free and closed time, the line of now; by hand and by keyboard. */

import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { against, clock, closedTime, gaps, isActive, laid, longDay, span } from "./shapes.js";
import { useGestures } from "./drag.js";
import { STOPS, useRoving } from "./roving.js";
import { useColumns, useStable } from "./stable.js";
import { Icon, Visit, holdWords, markByKey } from "./visit.jsx";

const place = (start, length, from, more) => ({ "--start": start - from, "--length": length, ...more });
const HINTS = { taken: "déjà pris", away: "occupé ailleurs", closed: "hors des horaires" };

/** Where a visit would land, with its hours and what stands against it. */
function Ghost({ ghost, from, column, blocks, hue }) {
  const problem = against(ghost, column, blocks);
  return (
    <li className="visit-slot visit-ghost" style={place(ghost.start, ghost.length, from)} data-against={problem} aria-hidden="true">
      <div className={`visit hue hue-${hue}`}>
        <b className="ghost-hours">{problem ? clock(ghost.start) : `${clock(ghost.start)} – ${clock(ghost.start + ghost.length)}`}</b>
        <span className="ghost-words">{HINTS[problem] ?? span(ghost.length)}</span>
      </div>
    </li>
  );
}

/** One visit in its lane; drawn again only when something of it changes. */
const Slot = memo(function Slot({ block, lane, count, from, fresh, pending, lifted, dimmed, current, held, act }) {
  const over = held || block.status === "fulfilled"; // it stays where it was
  return (
    <li
      className="visit-slot" style={place(block.start, block.length, from, { "--lane": lane, "--lanes": count })}
      data-fresh={fresh || undefined} data-pending={pending || undefined} data-lifted={lifted || undefined} data-dimmed={dimmed || undefined}
    >
      {dimmed ? <span className="visit visit-dimmed"><span className="visually-hidden">Occupé de {clock(block.start)} à {clock(block.start + block.length)}</span></span> : (
        <>
          <Visit
            block={block} aria-current={current ? "true" : undefined} tabIndex={-1} onClick={() => act.onSelect(block.id)} onPointerDown={over ? undefined : (event) => act.begin(event, "move", block)}
          />
          {over ? null : <span className="visit-edge" aria-hidden="true" onPointerDown={(event) => { event.stopPropagation(); act.begin(event, "stretch", block); }} />}
        </>
      )}
    </li>
  );
});

/** `selected` and `ghost` are told only to the column that they are in; where the focus is, no column knows (roving.js). */
const Column = memo(function Column({ column, blocks, from, to, day, minute, ghost, hue, lifted, dimmed, selected, fresh, pending, act, looks }) {
  const mine = useMemo(() => blocks.filter(isActive), [blocks]);
  const lanes = useMemo(() => laid(mine), [mine]);
  const past = column.day < day ? 1440 : column.day === day ? minute : 0;
  const away = (column.away ?? []).filter((part) => part.start < to && part.start + part.length > from);
  const free = useMemo(() => gaps(column.spans, [...mine, ...column.holds, ...(column.away ?? [])], past), [column.spans, column.holds, column.away, mine, past]);
  const shut = useMemo(() => closedTime(column.spans, from, to), [column.spans, from, to]);
  const pressed = useRef(null);
  const ground = (event) => {
    pressed.current = event.target;
    if (!column.books || event.target.closest("[data-visit]")) return;
    act.begin(event, "new");
  };
  const clicked = (event) => {
    if (!column.books || event.target.closest("button") || pressed.current?.closest("[data-visit]")) return; // let go of beside a visit that stays
    const at = from + ((event.clientY - event.currentTarget.getBoundingClientRect().top) / event.currentTarget.clientHeight) * (to - from);
    act.onCreate({ practitioner: column.practitioner, day: column.day, start: Math.floor(at / 15) * 15, length: 0 });
  };
  return (
    <ol className="agenda-column" data-column={column.key} aria-label={`${column.title}, ${longDay(column.day)}`} onPointerDown={ground} onClick={clicked}>
      {shut.map((part) => (
        <li key={`shut-${part.start}`} className="agenda-span" style={place(part.start, part.length, from)} aria-hidden="true" />
      ))}
      {away.map((part) => (
        <li key={`away-${part.start}-${part.length}`} className="agenda-span agenda-away" style={place(Math.max(part.start, from), Math.min(part.start + part.length, to) - Math.max(part.start, from), from)}>
          <span className="clip">Occupé{part.title ? ` · ${part.title}` : ""}<span className="visually-hidden"> de {clock(part.start)} à {clock(part.start + part.length)}</span></span>
        </li>
      ))}
      {free.map((part) => (
        <li key={`free-${part.start}`} className="agenda-span agenda-free" style={place(part.start, part.length, from)}>
          {column.books ? (
            <button
              type="button" data-free={`${column.key}-${part.start}`} tabIndex={-1}
              aria-label={`Donner un rendez-vous à ${clock(part.start)} · libre ${span(part.length)}, ${column.title}`}
              onClick={() => act.onCreate({ practitioner: column.practitioner, day: column.day, start: part.start, length: 0, site: part.site })}
            >
              <Icon name="plus" /><span><time>{clock(part.start)}</time> · libre {span(part.length)}</span>
            </button>
          ) : <span className="visually-hidden">{clock(part.start)}, libre {span(part.length)}</span>}
        </li>
      ))}
      {column.holds.map((hold) => (
        <li key={hold.id} className="agenda-span agenda-hold" style={place(hold.start, hold.length, from)}>
          <button
            type="button" data-free={hold.id} tabIndex={-1} onClick={() => act.onHold(hold.id)}
            aria-label={`${clock(hold.start)}, ${holdWords(hold).toLowerCase()}, jusqu’à ${hold.until}`}
          >
            <Icon name="hourglass" /><span>{holdWords(hold)}, jusqu’à {hold.until}</span>
          </button>
        </li>
      ))}
      {lanes.map(({ block, lane, lanes: count }) => (
        <Slot
          key={block.id} {...{ block, lane, count, from, act }} fresh={fresh.has(block.id)} pending={pending.has(block.id)}
          lifted={lifted === block.id} dimmed={dimmed(block)} current={selected === block.id} held={!column.changes}
        />
      ))}
      {looks.filter((look) => look.practitioner === column.practitioner && look.day === column.day).map((look) => (
        <li key={look.id} className="agenda-look" style={{ "--at": look.start - from }}><Icon name="user" /><span>{look.name} est sur ce créneau</span></li>
      ))}
      {ghost ? <Ghost ghost={ghost} from={from} column={column} blocks={mine} hue={hue} /> : null}
      {column.day === day && minute >= from && minute <= to ? <li className="now-line" style={{ "--at": minute - from }} aria-hidden="true" /> : null}
    </ol>
  );
});

/** Says of a practitioner whose account is shut what that means for the desk. */
export const Barred = ({ how }) => <span className="agenda-barred small"><Icon name="ban" />{how} : pas de nouveau rendez-vous</span>;

/** The head of a column; on a phone it chooses the one that is shown. */
export function Head({ column, count, onChoose, current }) {
  const inside = (
    <>
      {column.initials && !column.hours ? <span className={`avatar hue hue-${column.hue}`} aria-hidden="true">{column.initials}</span> : null}
      <span className="grow clip"><b className="clip">{column.title}</b><br />{column.barred && column.initials && !column.hours ? <Barred how={column.barred} /> : null}{column.mark ? <span className="agenda-mark clip" title={column.mark}>{column.mark}</span> : null}<span className="agenda-counts small soft"><span className="clip">{column.hours || column.detail}</span><span className="agenda-count">{count} rendez-vous</span></span></span>
    </>
  );
  const here = column.today ? "date" : undefined;
  if (!onChoose) return <div className="agenda-head" aria-current={here}>{inside}</div>;
  return <button type="button" className="agenda-head" aria-pressed={current} aria-current={here} onClick={onChoose}>{inside}</button>;
}

/** On a phone the heads are a strip of their own: bring the chosen one into sight. */
export function showChosen(agenda) {
  const strip = agenda.querySelector("[data-choice]");
  const head = strip?.querySelector("[aria-pressed='true']");
  if (head) strip.scrollLeft += head.getBoundingClientRect().left - strip.getBoundingClientRect().left - (strip.clientWidth - head.clientWidth) / 2;
}

export function Grid({ window: shown, blocks, now, dimmed, selected, fresh, pending, narrow, looks, onSelect, onCreate, onMove, onReschedule, onCancel, onMark, onHold, say }) {
  const scroller = useRef(null);
  const body = useRef(null);
  const [hour, setHour] = useState(96);
  const [ghost, setGhost] = useState(null);
  const [held, setHeld] = useState(null);
  const [at, setAt] = useState(0);

  const active = blocks.filter(isActive);
  const from = Math.floor(Math.min(shown.begins, ...active.map((block) => block.start)) / 60) * 60;
  const to = Math.ceil(Math.max(shown.ends, ...active.map((block) => block.start + block.length)) / 60) * 60;
  const columns = narrow ? [shown.columns[Math.min(at, shown.columns.length - 1)]] : shown.columns;
  const columnOf = (block) => shown.columns.find((column) => column.practitioner === block.practitioner && column.day === block.day);
  const byColumn = useColumns(shown.columns, blocks);
  const drawn = held ?? ghost;
  const found = (id) => (id ? blocks.find((block) => block.id === id) : null);
  const lifted = found(drawn?.id);
  const opened = found(selected);
  const chosen = opened ? columnOf(opened)?.key : "";

  const settle = (put) => {
    const column = shown.columns.find((one) => one.key === put.column);
    if (!put.id) {
      onCreate({ practitioner: column.practitioner, day: column.day, start: put.start, length: put.length });
      return;
    }
    const block = blocks.find((one) => one.id === put.id);
    if (!block || (block.start === put.start && block.length === put.length && columnOf(block)?.key === put.column)) return;
    onMove(block, { practitioner: column.practitioner, day: column.day, start: put.start, length: put.length });
  };
  const begin = useGestures({ body, scroller, from, hour, draw: setGhost, drop: settle });
  const act = useStable({ begin, onSelect, onCreate, onHold });
  const roving = useRoving(body);

  useLayoutEffect(() => {
    const height = parseFloat(getComputedStyle(body.current).getPropertyValue("--agenda-hour"));
    if (height) setHour(height);
  }, []);
  useEffect(() => {
    const today = shown.columns.some((column) => column.day === now.day);
    const target = today ? now.minute - 60 : Math.min(...active.map((block) => block.start), ...shown.columns.flatMap((column) => column.spans.map((open) => open.start)), 1440);
    scroller.current.scrollTop = ((target === 1440 ? 480 : target) - from - 10) / 60 * hour;
  }, [shown.key, hour]);
  useLayoutEffect(() => showChosen(scroller.current), [narrow, at, shown.key]);
  useEffect(() => {
    const wanted = shown.columns.findIndex((column) => (shown.view === "semaine" ? column.day === shown.day : column.own));
    if (narrow && wanted >= 0) setAt(wanted);
  }, [narrow, shown.key, shown.day]);

  const walk = (event) => {
    const here = event.target.closest("button");
    const column = here?.closest("[data-column]");
    if (!column) return;
    const box = here.getBoundingClientRect();
    const sorted = (element) => [...element.querySelectorAll(STOPS)].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
    const all = sorted(column);
    const index = all.indexOf(here);
    const beside = (step) => {
      const list = [...body.current.querySelectorAll("[data-column]")];
      const next = list[list.indexOf(column) + step];
      if (!next) return null;
      return sorted(next).reduce((best, item) => (!best || Math.abs(item.getBoundingClientRect().top - box.top) < Math.abs(best.getBoundingClientRect().top - box.top) ? item : best), null);
    };
    const targets = { ArrowDown: all[index + 1], ArrowUp: all[index - 1], Home: all[0], End: all[all.length - 1] };
    if (!event.altKey && !event.ctrlKey && !event.metaKey && (event.key in targets || event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const next = targets[event.key] ?? (event.key === "ArrowRight" ? beside(1) : event.key === "ArrowLeft" ? beside(-1) : null);
      event.preventDefault();
      event.stopPropagation();
      next?.focus();
      return;
    }
    if (here.dataset.visit && markByKey(event, blocks.find((one) => one.id === here.dataset.visit), { onMark, onCancel })) return;
    if (event.key === "d" && here.dataset.visit && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const block = blocks.find((one) => one.id === here.dataset.visit);
      if (!block) return;
      event.preventDefault();
      event.stopPropagation();
      if (!columnOf(block)?.changes || block.status === "fulfilled") { onReschedule(block.id); return; } // refused in words, before anything is lifted
      setHeld({ id: block.id, kind: "move", column: column.dataset.column, start: block.start, length: block.length });
      say(`${block.name} : flèches pour déplacer, L pour le prochain temps libre, plus et moins pour la durée, Entrée pour poser, Échap pour renoncer.`);
    }
  };
  /** The next place after this one where nothing stands against the visit: in its column, then in those to the right. */
  const following = () => {
    const at = columns.findIndex((column) => column.key === held.column);
    for (const [index, column] of columns.slice(at).entries()) {
      const past = column.day < now.day ? 1440 : column.day === now.day ? now.minute : 0;
      const first = Math.max(index ? 0 : held.start + 5, Math.ceil(past / 5) * 5);
      for (let start = first; start + held.length <= 1440; start += 5) {
        if (!against({ ...held, start }, column, byColumn.get(column.key))) return { column: column.key, start };
      }
    }
    return {};
  };
  const carry = (event) => {
    const list = columns.map((column) => column.key);
    const step = event.shiftKey ? 15 : 5;
    const beside = (by) => list[Math.min(list.length - 1, Math.max(0, list.indexOf(held.column) + by))];
    const next = {
      ArrowUp: { start: Math.max(0, held.start - step) }, ArrowDown: { start: Math.min(1440 - held.length, held.start + step) },
      ArrowLeft: { column: beside(-1) }, ArrowRight: { column: beside(1) },
      l: event.key === "l" ? following() : null,
      "+": { length: Math.min(480, held.length + 5) }, "-": { length: Math.max(5, held.length - 5) },
    }[event.key];
    if (!next && !["Enter", "Escape", " "].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (next) {
      const put = { ...held, ...next };
      const column = shown.columns.find((one) => one.key === put.column);
      const problem = HINTS[against(put, column, byColumn.get(put.column))];
      setHeld(put);
      say(`${clock(put.start)}, ${span(put.length)}, ${column.title}${problem ? `, ${problem}` : ""}`);
      return;
    }
    setHeld(null);
    if (event.key === "Escape") say("Rien n’a changé.");
    else settle(held);
  };

  const style = { "--columns": columns.length, "--hours": (to - from) / 60 };
  const today = columns.some((column) => column.day === now.day) && now.minute >= from && now.minute <= to;
  return (
    <div className="agenda" ref={scroller} style={style} tabIndex={0} role="region" aria-label="Calendrier" data-many={columns.length > 6 || undefined}>
      <div className="agenda-heads" data-choice={narrow || undefined} style={narrow ? { "--columns": shown.columns.length } : undefined}>
        {narrow ? null : <span />}
        {shown.columns.map((column, index) => (
          <Head key={column.key} column={column} count={byColumn.get(column.key).filter(isActive).length} onChoose={narrow ? () => setAt(index) : null} current={index === at} />
        ))}
      </div>
      <div className="agenda-body" ref={body} data-takes-focus="" onKeyDownCapture={held ? carry : walk} data-holding={drawn ? "true" : undefined} onFocus={roving.onFocus} onBlur={(event) => { setHeld(null); roving.onBlur(event); }}>
        <div className="agenda-hours" aria-hidden="true">
          {[...Array((to - from) / 60)].map((_, index) => (today && Math.abs(now.minute - from - index * 60) < 12 ? null : <time key={index} style={{ "--at": index }}>{(from / 60 + index)}&nbsp;h</time>))}
          {today ? <time className="now-time" style={{ "--at": (now.minute - from) / 60 }}>{clock(now.minute)}</time> : null}
        </div>
        {columns.map((column) => (
          <Column
            key={column.key} {...{ column, from, to, dimmed, fresh, pending, act, looks }} day={now.day} minute={column.day === now.day ? now.minute : 0}
            blocks={byColumn.get(column.key)}
            selected={chosen === column.key ? selected : ""} lifted={lifted && columnOf(lifted)?.key === column.key ? lifted.id : ""}
            ghost={drawn?.column === column.key ? drawn : null} hue={drawn?.column === column.key ? lifted?.hue ?? "teal" : ""}
          />
        ))}
      </div>
    </div>
  );
}
