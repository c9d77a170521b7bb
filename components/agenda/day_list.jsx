/** The same visits as a table: for those who hear the page, for paper, for one who would rather read. */

import { clock, longDay, span } from "./shapes.js";
import { Icon, MODES, STATUSES, markByKey, signs } from "./visit.jsx";

const HEADS = ["Heure", "Patient", "Motif", "Praticien", "Mode", "Statut"];

function Row({ block, who, held, selected, fresh, onSelect, onMove, onCancel, onMark }) {
  const status = STATUSES[block.status];
  const off = block.status === "cancelled";
  return (
    <tr role="row" data-status={block.status} data-fresh={fresh || undefined} aria-current={selected ? "true" : undefined} onKeyDownCapture={(event) => markByKey(event, block, { onMark, onCancel })}>
      <td role="cell" className="list-hour" data-label="Heure"><span><time>{clock(block.start)}</time> <span className="soft small">{span(block.length)}</span></span></td>
      <th scope="row" role="rowheader"><button type="button" className="link-button" data-visit={block.id} onClick={() => onSelect(block.id)}>{block.name}</button></th>
      <td role="cell" data-label="Motif"><span className="row"><span className={`dot hue hue-${block.hue}`} />{block.reason}</span></td>
      <td role="cell" data-label="Praticien"><span>{who}</span></td>
      <td role="cell" data-label="Mode"><span><Icon name={block.mode === "video" ? "video" : "building-2"} className="icon narrow" /><span className="word">{MODES[block.mode]}</span>{signs(block).filter(([icon]) => icon !== "video").map(([icon, word]) => <span key={icon} className="sign" title={word}><Icon name={icon} /><span className="visually-hidden">{word}</span></span>)}</span></td>
      <td role="cell" data-label="Statut"><span className={off ? "chip chip-danger" : "chip"}><Icon name={status.icon} />{status.label}</span></td>
      <td role="cell" className="row-actions">
        {off || held || block.status === "fulfilled" ? null : (
          <>
            <button type="button" className="button button-small" title="Déplacer" aria-label={`Déplacer ${block.name}, ${clock(block.start)}`} onClick={() => onMove(block.id)}><Icon name="calendar-clock" className="icon narrow" /><span className="word">Déplacer</span></button>
            <button type="button" className="button button-small" title="Annuler" aria-label={`Annuler ${block.name}, ${clock(block.start)}`} onClick={() => onCancel(block.id)}><Icon name="calendar-x" className="icon narrow" /><span className="word">Annuler</span></button>
          </>
        )}
      </td>
    </tr>
  );
}

export function DayList({ window: shown, blocks, hidden, selected, fresh, looks, onSelect, onMove, onCancel, onMark, onCreate, onHold }) {
  const names = new Map(shown.columns.map((column) => [column.practitioner, column.name]));
  const books = shown.columns.find((column) => column.books);
  const still = new Set(shown.columns.filter((column) => !column.changes).map((column) => column.practitioner));
  const days = [...new Set(shown.columns.map((column) => column.day))];
  return (
    <div className="agenda-list" data-alone={names.size === 1 || undefined}>
      {days.map((day) => {
        const rows = blocks.filter((block) => block.day === day && names.has(block.practitioner) && !hidden(block)).sort((a, b) => a.start - b.start || (a.name < b.name ? -1 : 1));
        const title = longDay(day);
        return (
          <section key={day} aria-label={title}>
            <div className="row">
              <h2>{title[0].toUpperCase() + title.slice(1)}</h2>
              {books ? (
                <button type="button" className="button button-small push" onClick={() => onCreate({ practitioner: books.practitioner, day, start: -1, length: 0 })}>
                  <Icon name="plus" />Rendez-vous
                </button>
              ) : null}
            </div>
            {shown.columns.filter((column) => column.day === day).flatMap((column) => (column.away ?? []).map((away) => (
              <p key={`${column.key}-${away.start}-${away.length}`} className="soft small">{names.get(column.practitioner)} : occupé de {clock(away.start)} à {clock(away.start + away.length)}{away.title ? `, ${away.title}` : ""}</p>
            )))}
            {shown.columns.filter((column) => column.day === day).flatMap((column) => column.holds.map((hold) => (
              <p key={hold.id} className="row wrap small">
                <Icon name="hourglass" /><span>{names.get(column.practitioner)} : réservation en cours à {clock(hold.start)}, jusqu’à {hold.until}</span>
                <button type="button" className="link-button" aria-label={`Voir la réservation de ${clock(hold.start)}, ${names.get(column.practitioner)}`} onClick={() => onHold(hold.id)}>Voir</button>
              </p>
            )))}
            {looks.filter((look) => look.day === day && names.has(look.practitioner)).map((look) => (
              <p key={look.id} className="row wrap small"><Icon name="user" /><span>{look.name} est sur le créneau de {clock(look.start)}, {names.get(look.practitioner)}</span></p>
            ))}
            {rows.length === 0 ? <p className="soft">Aucun rendez-vous.</p> : (
              <div className="table-holder">
                <table className="table table-cards" role="table">
                  <caption className="visually-hidden">Rendez-vous du {title}</caption>
                  <thead role="rowgroup">
                    <tr role="row">
                      {HEADS.map((name) => <th key={name} scope="col" role="columnheader">{name}</th>)}
                      <th scope="col" role="columnheader"><span className="visually-hidden">Actions</span></th>
                    </tr>
                  </thead>
                  <tbody role="rowgroup">
                    {rows.map((block) => <Row key={block.id} {...{ block, onSelect, onMove, onCancel, onMark }} who={names.get(block.practitioner)} held={still.has(block.practitioner)} selected={selected === block.id} fresh={fresh.has(block.id)} />)}
                  </tbody>
                </table>
              </div>
            )}
          </section>
        );
      })}
    </div>
  );
}
