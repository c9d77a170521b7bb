/** The week of several practitioners: a row each, a cell a day. A band shows where there is room, the visits stand below by hour. */

import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Barred, Head, showChosen } from "./grid.jsx";
import { band, clock, gaps, isActive, longDay, openAt, shortName, span } from "./shapes.js";
import { STOPS, useRoving } from "./roving.js";
import { useColumns, useStable } from "./stable.js";
import { Icon, STATUSES, holdWords, markByKey, spoken } from "./visit.jsx";

const capital = (words) => words[0].toUpperCase() + words.slice(1);

const familyFirst = (name) => `${shortName(name)} ${name.slice(0, name.indexOf(" ") + 1)}`.trim();

const Line = memo(function Line({ block, fresh, pending, dimmed, current, act }) {
  if (dimmed) return <li className="week-line week-dimmed"><span className="visually-hidden">Occupé de </span>{clock(block.start)}<span className="visually-hidden"> à {clock(block.start + block.length)}</span></li>;
  return (
    <li className="week-line" data-fresh={fresh || undefined} data-pending={pending || undefined}>
      <button
        type="button" className={`week-visit hue hue-${block.hue}`} data-visit={block.id} data-status={block.status} aria-label={spoken(block, familyFirst(block.name))} title={block.name}
        aria-current={current ? "true" : undefined} tabIndex={-1} onClick={() => act.onSelect(block.id)}
      >
        <time>{clock(block.start)}</time>{" "}
        <span className="clip">{shortName(block.name)}</span>
        {block.status === "planned" ? null : <Icon name={STATUSES[block.status].icon} />}
        {block.over ? <Icon name="layers-2" /> : null}
      </button>
    </li>
  );
});

/** The room of a day: a band, and a button that gives the first free time, or the one that was pointed at. */
function Room({ column, spans, held, busy, past, from, to, now, act }) {
  const free = useMemo(() => gaps(spans, [...busy, ...held], past), [spans, busy, held, past]);
  const parts = useMemo(() => {
    const ahead = spans.filter((open) => open.end > past).map((open) => ({ ...open, start: Math.max(open.start, past) }));
    return band(ahead, held, busy, from, to);
  }, [spans, held, busy, past, from, to]);
  const at = (minute) => `${((minute - from) / (to - from)) * 100}%`;
  const drawing = { background: `linear-gradient(90deg, ${parts.map((part) => `var(--band-${part.kind}) ${at(part.start)} ${at(part.end)}`).join(", ")})` };
  const strip = <span className="week-band" style={drawing} aria-hidden="true">{now >= from && now <= to ? <i style={{ left: at(now) }} /> : null}</span>;
  if (!column.books && free.length) return <p className="week-room">{strip}<span>{span(free.reduce((sum, part) => sum + part.length, 0))}</span></p>;
  if (!free.length) return <p className="week-room">{strip}<span>{spans.length ? (past >= 1440 ? "Passé" : "Complet") : "Fermé"}</span></p>;
  const total = free.reduce((sum, part) => sum + part.length, 0);
  const id = `libre-${column.key}`;
  const clicked = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const pointed = event.detail ? from + ((event.clientX - box.left) / box.width) * (to - from) : 0;
    const part = free.find((one) => one.start + one.length > pointed) ?? free[0];
    const start = event.detail ? Math.max(part.start, Math.floor(Math.min(pointed, part.start + part.length - 5) / 15) * 15) : part.start;
    act.onCreate({ practitioner: column.practitioner, day: column.day, start, length: 0, site: part.site });
  };
  return (
    <button
      type="button" className="week-room" data-free={id} tabIndex={-1} onClick={clicked}
      aria-label={`Donner un rendez-vous, ${column.name}, ${longDay(column.day)}, libre ${span(total)} dès ${clock(free[0].start)}`}
    >
      {strip}<span><b>{span(total)}</b> dès {clock(free[0].start)}</span>
    </button>
  );
}

const Cell = memo(function Cell({ column, blocks, from, to, past, now, site, selected, fresh, pending, dimmed, looks, act, titled, compact }) {
  const spans = useMemo(() => openAt(column.spans, site), [column.spans, site]);
  const mine = useMemo(() => blocks.filter(isActive), [blocks]);
  const held = useMemo(() => [...column.holds, ...column.away], [column.holds, column.away]);
  const lines = useMemo(() => [
    ...mine.map((block) => ({ block, start: block.start })),
    ...column.holds.map((hold) => ({ hold, start: hold.start })),
    ...column.away.map((away) => ({ away, start: away.start })),
  ].sort((a, b) => a.start - b.start), [mine, column.holds, column.away]);
  return (
    <div className="week-cell" data-column={column.key} data-shut={spans.length ? undefined : "true"} data-today={column.today || undefined} role="group" aria-label={`${column.name}, ${longDay(column.day)}`}>
      {titled ? <h2>{capital(longDay(column.day))}{column.mark ? <span className="agenda-mark"> {column.mark}</span> : null}</h2> : null}
      <Room {...{ column, spans, held, past, from, to, now, act }} busy={mine} />
      {lines.length && !compact ? (
        <ol className="week-lines">
          {lines.map(({ block, hold, away }) => {
            if (block) return <Line key={block.id} {...{ block, act }} fresh={fresh.has(block.id)} pending={pending.has(block.id)} dimmed={dimmed(block)} current={selected === block.id} />;
            if (away) return <li key={`away-${away.start}-${away.length}`} className="week-line week-away clip" title={away.title || undefined}>Occupé {clock(away.start)} – {clock(away.start + away.length)}</li>;
            return (
              <li key={hold.id} className="week-line">
                <button
                  type="button" className="week-visit week-hold" data-free={hold.id} tabIndex={-1}
                  onClick={() => act.onHold(hold.id)} aria-label={`${clock(hold.start)}, ${holdWords(hold).toLowerCase()} jusqu’à ${hold.until}`}
                >
                  <time>{clock(hold.start)}</time>{" "}<Icon name="hourglass" /><span className="clip">{hold.offered ? "Proposé" : "Réservation"}</span>
                </button>
              </li>
            );
          })}
        </ol>
      ) : null}
      {looks.map((look) => <p key={look.id} className="week-look"><Icon name="user" /><span className="clip">{look.name} est sur {clock(look.start)}</span></p>)}
    </div>
  );
});

const NONE = [];
const ONLY_ROOM = "creneaux";

/** Somebody's week: who, then the days. */
function Row({ columns, byColumn, now, selected, looks, titled, ...rest }) {
  const who = columns[0];
  const count = columns.reduce((sum, column) => sum + byColumn.get(column.key).filter(isActive).length, 0);
  return (
    <section className="week-row" aria-label={who.name}>
      <div className="week-who">
        <span className={`avatar hue hue-${who.hue}`} aria-hidden="true">{who.initials}</span>
        <h2>{who.name}</h2>{who.barred ? <Barred how={who.barred} /> : null}<span className="small soft">{who.detail}</span><span className="small">{count} rendez-vous</span>
      </div>
      {columns.map((column) => {
        const blocks = byColumn.get(column.key);
        const here = looks.filter((look) => look.practitioner === column.practitioner && look.day === column.day);
        return (
          <Cell
            key={column.key} {...{ column, blocks, titled, ...rest }} past={column.day < now.day ? 1440 : column.day === now.day ? now.minute : 0}
            now={column.day === now.day ? now.minute : -1}
            selected={blocks.some((block) => block.id === selected) ? selected : ""} looks={here.length ? here : NONE}
          />
        );
      })}
    </section>
  );
}

export function Week({ window: shown, blocks, now, narrow, site, dimmed, selected, fresh, pending, looks, onSelect, onCreate, onCancel, onMark, onHold, onMove }) {
  const body = useRef(null);
  const [at, setAt] = useState(0);
  const [compact, setCompact] = useState(() => new URLSearchParams(window.location.search).has(ONLY_ROOM));
  const byColumn = useColumns(shown.columns, blocks);
  const act = useStable({ onSelect, onCreate, onHold });
  const roving = useRoving(body);
  const every = useMemo(() => {
    const people = [...new Set(shown.columns.map((column) => column.practitioner))];
    return people.map((one) => shown.columns.filter((column) => column.practitioner === one));
  }, [shown.columns]);
  const works = (columns) => !site || columns.some((column) => column.spans.some((open) => open.site === site) || byColumn.get(column.key).some((block) => block.site === site));
  const rows = every.filter(works);
  const drawn = narrow ? rows.slice(Math.min(at, rows.length - 1)).slice(0, 1) : rows;
  const days = every[0];

  useEffect(() => { // beside what the server reads of the address: a reload and a shared link show the same
    const address = new URL(window.location.href);
    if (compact === address.searchParams.has(ONLY_ROOM)) return;
    if (compact) address.searchParams.set(ONLY_ROOM, "seuls");
    else address.searchParams.delete(ONLY_ROOM);
    window.history.replaceState(window.history.state, "", address);
  }, [compact, shown.key]);
  useEffect(() => {
    const own = every.filter(works).findIndex((columns) => columns[0].own);
    if (own > 0) setAt(own);
  }, [shown.key]);
  useLayoutEffect(() => showChosen(body.current.parentElement), [narrow, at, shown.key]);
  useEffect(() => {
    if (narrow) body.current?.querySelector(`[data-column$="${shown.day}"]`)?.scrollIntoView({ block: "start" });
  }, [narrow, shown.key, shown.day]);

  const walk = (event) => {
    const here = event.target.closest("button");
    const cell = here?.closest("[data-column]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = (element) => (element ? [...element.querySelectorAll(STOPS)] : []);
    const table = [...body.current.querySelectorAll(".week-row")].map((row) => [...row.querySelectorAll("[data-column]")]);
    const line = table.findIndex((cells) => cells.includes(cell));
    const day = table[line].indexOf(cell);
    const all = items(cell);
    const index = all.indexOf(here);
    const below = () => table.slice(line + 1).map((cells) => items(cells[day])[0]).find(Boolean);
    const above = () => table.slice(0, line).reverse().map((cells) => items(cells[day]).at(-1)).find(Boolean);
    const beside = (cells) => { const found = cells.map(items).find((some) => some.length); return found?.[Math.min(index, found.length - 1)]; };
    const ways = {
      ArrowDown: () => all[index + 1] ?? below(), ArrowUp: () => all[index - 1] ?? above(), Home: () => all[0], End: () => all.at(-1),
      ArrowRight: () => beside(table[line].slice(day + 1)), ArrowLeft: () => beside(table[line].slice(0, day).reverse()),
    };
    if (ways[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      ways[event.key]()?.focus();
      return;
    }
    if (!here.dataset.visit || markByKey(event, blocks.find((one) => one.id === here.dataset.visit), { onMark, onCancel })) return;
    if (event.key !== "d") return;
    event.preventDefault();
    event.stopPropagation();
    onMove(here.dataset.visit);
  };

  return (
    <div className="agenda agenda-week" tabIndex={0} role="region" aria-label="Calendrier" style={{ "--days": days.length }} data-compact={(compact && !narrow) || undefined}>
      {narrow ? (
        <div className="agenda-heads" data-choice="true">
          {rows.map((columns, index) => (
            <Head
              key={columns[0].practitioner} column={{ ...columns[0], title: columns[0].name, mark: "", hours: "", today: false }} onChoose={() => setAt(index)} current={index === Math.min(at, rows.length - 1)}
              count={columns.reduce((sum, column) => sum + byColumn.get(column.key).filter(isActive).length, 0)}
            />
          ))}
        </div>
      ) : (
        <div className="week-heads">
          <span><button type="button" className="button button-small" aria-pressed={compact} onClick={() => setCompact(!compact)}>Créneaux seuls</button></span>
          {days.map((column) => <span key={column.day} aria-hidden="true" data-today={column.today || undefined}><b>{column.title}</b>{column.mark ? <span className="agenda-mark clip">{column.mark}</span> : null}</span>)}
        </div>
      )}
      <div className="agenda-body week-body" ref={body} data-takes-focus="" onKeyDownCapture={walk} onFocus={roving.onFocus} onBlur={roving.onBlur}>
        {drawn.map((columns) => (
          <Row key={columns[0].practitioner} {...{ columns, byColumn, now, selected, fresh, pending, dimmed, looks, act, site }} titled={narrow} compact={compact && !narrow} from={shown.begins} to={shown.ends} />
        ))}
        {rows.length ? null : <p className="soft week-none">Personne ne reçoit dans ce lieu cette semaine. Choisissez « Tous les lieux » ou une autre semaine.</p>}
      </div>
    </div>
  );
}
