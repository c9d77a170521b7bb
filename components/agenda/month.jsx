import { useEffect, useState } from "react";
import { Link } from "react-router";
import { dateOf, longDay, monthName, weeksOf } from "./shapes.js";
import { Icon } from "./visit.jsx";

const HEADS = [["L", "lundi"], ["M", "mardi"], ["M", "mercredi"], ["J", "jeudi"], ["V", "vendredi"], ["S", "samedi"], ["D", "dimanche"]];

/** A month to go to any day from; `query` is what the address keeps besides the day. */
export function MiniMonth({ day, today, query }) {
  const [shown, setShown] = useState(() => dateOf(day));
  useEffect(() => setShown(dateOf(day)), [day]);
  const turn = (by) => setShown(new Date(shown.getFullYear(), shown.getMonth() + by, 1, 12));
  const title = monthName(shown);
  return (
    <section className="mini-month">
      <div className="row">
        <h2>{title[0].toUpperCase() + title.slice(1)}</h2>
        <span className="push row">
          <button className="button button-quiet button-icon button-small" type="button" aria-label="Mois précédent" onClick={() => turn(-1)}><Icon name="chevron-left" /></button>
          <button className="button button-quiet button-icon button-small" type="button" aria-label="Mois suivant" onClick={() => turn(1)}><Icon name="chevron-right" /></button>
        </span>
      </div>
      <table className="month">
        <caption className="visually-hidden">{title}</caption>
        <thead><tr>{HEADS.map(([letter, name]) => <th key={name} scope="col"><abbr title={name}>{letter}</abbr></th>)}</tr></thead>
        <tbody>
          {weeksOf(shown.getFullYear(), shown.getMonth()).map((week) => (
            <tr key={week[0].iso}>
              {week.map((cell) => (
                <td key={cell.iso}>
                  <Link
                    to={`/agenda?jour=${cell.iso}${query}`} className={cell.other ? "other" : cell.iso === today ? "today" : undefined}
                    aria-current={cell.iso === day ? "date" : undefined} aria-label={longDay(cell.iso) + (cell.iso === today ? ", aujourd’hui" : "")}
                  >
                    {cell.number}
                  </Link>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
