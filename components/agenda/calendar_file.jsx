/** A calendar file brought in: chosen, looked at, imported. The browser holds it and sends it at each step; the server keeps nothing of it. */

import { useEffect, useId, useRef, useState } from "react";

const LARGEST = 2 * 1024 * 1024;
const NO_NETWORK = "Le serveur ne répond pas. Votre fichier est gardé ici ; réessayez dans un instant.";
const TOO_LARGE = "Ce fichier est trop gros : 2 Mo au plus. Exportez une période plus courte.";
const counted = (count, one, many) => `${count.toLocaleString("fr-FR")} ${count > 1 ? many : one}`;
const WHY = [
  ["cancelled", "annulé", "annulés"], ["free", "marqué disponible", "marqués disponibles"], ["own", "rendez-vous de Maiia Pro", "rendez-vous de Maiia Pro"],
  ["empty", "sans durée", "sans durée"], ["broken", "illisible", "illisibles"],
];
const DONE = [["added", "plage ajoutée", "plages ajoutées"], ["changed", "modifiée", "modifiées"], ["removed", "retirée", "retirées"], ["same", "inchangée", "inchangées"]];
const told = (done) => DONE.filter(([name]) => done[name]).map(([name, one, many]) => counted(done[name], one, many)).join(", ") || "rien n’a changé";
const STATES = { new: ["plus", "Nouveau"], changed: ["pencil", "Modifié"], known: ["check", "Déjà importé"] };
const HEADS = ["Jour", "Heures", "Intitulé", "À l’import"];

function Icon({ name }) {
  return <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
}

function Note({ meaning, icon, children, ...rest }) {
  return <div className={`banner note banner-${meaning}`} {...rest}><Icon name={icon} /><div className="grow">{children}</div></div>;
}

const day = (offset) => {
  const at = new Date();
  at.setMonth(at.getMonth() + offset);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
};

/** Sends the file to a step; gives the answer, or throws the sentence that says why not. */
async function send(step, file, asked) {
  let response;
  try {
    response = await fetch(`/api/agenda/calendar/${step}?${new URLSearchParams(asked)}`, { method: "POST", headers: { "Content-Type": "text/calendar" }, body: file });
  } catch {
    throw NO_NETWORK;
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw body.message ?? NO_NETWORK;
}

function Line({ line }) {
  const [icon, word] = STATES[line.state];
  return (
    <tr role="row">
      <th scope="row" role="rowheader">{line.day}</th>
      <td role="cell" data-label={HEADS[1]}>{line.hours}</td>
      <td role="cell" data-label={HEADS[2]}>{line.title || <span className="soft">Sans intitulé</span>}</td>
      <td role="cell" data-label={HEADS[3]}>
        <span className="row">
          <span className={line.state === "new" ? "chip chip-accent" : "chip"}><Icon name={icon} />{word}</span>
          {line.visits ? <span className="chip chip-warning"><Icon name="triangle-alert" />{counted(line.visits, "rendez-vous", "rendez-vous")}</span> : null}
        </span>
      </td>
    </tr>
  );
}

function Seen({ seen }) {
  const left = WHY.filter(([name]) => seen.left[name]).map(([name, one, many]) => `${seen.left[name]} ${seen.left[name] > 1 ? many : one}`);
  return (
    <>
      <p>
        <b>{seen.total ? counted(seen.total, "plage occupée", "plages occupées") : "Aucune plage occupée sur cette période."}</b>
        {seen.gone ? ` · ${counted(seen.gone, "plage importée auparavant sera retirée", "plages importées auparavant seront retirées")}` : ""}
      </p>
      {left.length ? <p className="small soft">Laissés de côté : {left.join(", ")}.</p> : null}
      {seen.visits ? <Note meaning="warning" icon="triangle-alert">{counted(seen.visits, "plage tombe", "plages tombent")} sur des rendez-vous déjà donnés. Ils ne changent pas : déplacez-les si besoin.</Note> : null}
      {seen.lines.length ? (
        <div className="table-holder calendar-times" tabIndex={0} role="region" aria-label="Plages du fichier">
          <table className="table table-cards" role="table">
            <caption className="visually-hidden">Plages occupées du fichier</caption>
            <thead role="rowgroup"><tr role="row">{HEADS.map((head) => <th key={head} scope="col" role="columnheader">{head}</th>)}</tr></thead>
            <tbody role="rowgroup">{seen.lines.map((line, index) => <Line key={index} line={line} />)}</tbody>
          </table>
        </div>
      ) : null}
      {seen.total > seen.lines.length ? <p className="small soft">Les {seen.lines.length} premières sont montrées.</p> : null}
    </>
  );
}

export function CalendarFile({ onDone }) {
  const id = useId();
  const [file, setFile] = useState(null);
  const [period, setPeriod] = useState({ du: day(0), au: day(6) });
  const [titles, setTitles] = useState(false);
  const [what, setWhat] = useState("busy");
  const [seen, setSeen] = useState(null);
  const [done, setDone] = useState(null);
  const [error, setError] = useState("");
  const [waiting, setWaiting] = useState(false);
  const result = useRef(null);
  useEffect(() => { if (seen || done) result.current?.focus(); }, [seen, done]);

  const change = (act) => { act(); setSeen(null); setDone(null); setError(""); };
  const ask = async (step, asked, then) => {
    if (waiting) return;
    if (!file) { setError("Choisissez un fichier .ics."); return; }
    if (file.size > LARGEST) { setError(TOO_LARGE); return; }
    setWaiting(true);
    setError("");
    try {
      then(await send(step, file, asked));
    } catch (said) {
      setError(String(said));
      setSeen(null);
    }
    setWaiting(false);
  };
  const look = (event) => { event.preventDefault(); setDone(null); ask("preview", period, setSeen); };
  const run = () => ask("import", { ...period, intitules: titles ? "oui" : "non" }, (written) => { setSeen(null); setDone(written); onDone?.(); });
  const field = (name, label) => (
    <div className="field">
      <label htmlFor={`${id}${name}`}>{label}</label>
      <input id={`${id}${name}`} className="input" type="date" required value={period[name]} onChange={(event) => change(() => setPeriod({ ...period, [name]: event.target.value }))} />
    </div>
  );
  return (
    <div className="stack">
      <fieldset className="field">
        <legend className="legend">Ses événements sont</legend>
        <div className="radios">
          {[["busy", "Du temps occupé"], ["visits", "Des rendez-vous avec des patients"]].map(([value, label]) => (
            <label className="check" key={value}><input type="radio" name={`${id}what`} checked={what === value} onChange={() => change(() => setWhat(value))} /><span>{label}</span></label>
          ))}
        </div>
      </fieldset>
      {what === "visits" ? (
        <>
          <p>Chaque événement est montré avec le patient retrouvé ou à créer, puis repris comme rendez-vous.</p>
          <div className="form-actions"><a className="button" href="/reglages/reprise?quoi=calendrier">Reprendre ces rendez-vous</a></div>
        </>
      ) : (
      <form className="form" onSubmit={look} aria-label="Importer un fichier de calendrier" noValidate>
        <p className="hint">Tous les champs sont obligatoires.</p>
        <div className="field">
          <label htmlFor={`${id}file`}>Fichier de calendrier (.ics)</label>
          <input id={`${id}file`} className="input" type="file" accept=".ics,text/calendar" required aria-describedby={`${id}wrong`} aria-invalid={error ? "true" : "false"} onChange={(event) => change(() => setFile(event.target.files[0] ?? null))} />
          <p className="error" id={`${id}wrong`} role="alert" hidden={!error}><Icon name="circle-alert" /><span>{error}</span></p>
        </div>
        <div className="form-row">{field("du", "Du")}{field("au", "Au")}</div>
        <div className="form-actions"><button type="submit" className="button" aria-busy={waiting || undefined}>{waiting ? "Lecture…" : "Voir ce qu’il contient"}</button></div>
      </form>
      )}
      {seen || done ? (
        <section className="stack" ref={result} tabIndex={-1} aria-label={seen ? "Contenu du fichier" : "Import terminé"}>
          {seen ? <Seen seen={seen} /> : null}
          {seen && (seen.total || seen.gone) ? (
            <>
              <div className="field field-check">
                <label className="check"><input type="checkbox" checked={titles} aria-describedby={`${id}titles`} onChange={(event) => setTitles(event.target.checked)} /><span>Garder les intitulés</span></label>
                <p className="hint check-hint" id={`${id}titles`}>Vous seul les verrez ; vos collègues lisent « Occupé ». Sans cela, ils ne sont écrits nulle part.</p>
              </div>
              <div className="form-actions"><button type="button" className="button button-primary" aria-busy={waiting || undefined} onClick={run}>Bloquer ces plages</button></div>
            </>
          ) : null}
          {done ? <Note meaning="success" icon="circle-check">{`C’est fait : ${told(done)}. Les patients n’y trouvent plus de créneau.`}</Note> : null}
        </section>
      ) : null}
    </div>
  );
}
