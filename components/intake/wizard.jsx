import { useEffect, useId, useRef, useState } from "react";
import { CalendarSteps } from "./calendar.jsx";
import { Faults, Icon, Note, Refused, Step, counted, number, post, refusalOf, save } from "./parts.jsx";

const LARGEST = 5 * 1024 * 1024;
const LARGEST_CALENDAR = 2 * 1024 * 1024;
const KINDS = [["patients", "Des patients"], ["visits", "Des rendez-vous"], ["calendar", "Les rendez-vous d’un calendrier (.ics)"]];
const asked = () => (new URLSearchParams(window.location.search).get("quoi") === "calendrier" ? "calendar" : "patients");
function Columns({ seen, mapping, errors, onMap }) {
  const id = useId();
  const taken = new Set(Object.values(mapping));
  const spare = seen.head.filter((_title, column) => !taken.has(column));
  return (
    <>
      <p className="soft">Chaque champ est rempli par une colonne de votre fichier. Corrigez ce qui a été mal deviné.</p>
      <div className="intake-columns">
        {seen.fields.map(({ name, label, required }) => (
          <div className="field" key={name}>
            <label htmlFor={`${id}${name}`}>{label}{required ? null : <span className="optional"> (facultatif)</span>}</label>
            <select id={`${id}${name}`} className="select" value={mapping[name] ?? ""} aria-invalid={errors[name] ? "true" : "false"} aria-describedby={`${id}${name}-erreur`} onChange={(event) => onMap(name, event.target.value)}>
              <option value="">Aucune colonne</option>
              {seen.head.map((title, column) => <option key={column} value={column}>{title}</option>)}
            </select>
            <p className="error" id={`${id}${name}-erreur`} hidden={!errors[name]}><Icon name="circle-alert" /><span>{errors[name]}</span></p>
          </div>
        ))}
      </div>
      {spare.length ? <p className="small soft">Colonnes qui ne seront pas reprises : {spare.join(", ")}.</p> : null}
    </>
  );
}

function FirstLines({ seen, mapping }) {
  const shown = seen.fields.filter(({ name }) => name in mapping);
  if (!shown.length) return null;
  return (
    <>
      <h3>Les premières lignes, telles qu’elles seront lues</h3>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Premières lignes">
        <table className="table">
          <caption className="visually-hidden">Premières lignes</caption>
          <thead><tr><th scope="col">Ligne</th>{shown.map(({ name, label }) => <th key={name} scope="col">{label}</th>)}</tr></thead>
          <tbody>
            {seen.lines.map(({ line, cells }) => (
              <tr key={line}>
                <th scope="row">{line}</th>
                {shown.map(({ name }) => {
                  const cell = cells[name];
                  return <td key={name}>{cell && !cell.fine ? <span className="intake-wrong"><Icon name="triangle-alert" />{cell.text} <span className="visually-hidden">(illisible)</span></span> : cell?.text}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Summary({ kind, report }) {
  const what = kind === "patients" ? ["fiche à créer", "fiches à créer"] : ["rendez-vous à reprendre", "rendez-vous à reprendre"];
  return (
    <dl className="facts">
      <dt>Lignes lues</dt><dd>{number(report.total)}</dd>
      <dt>Prêt</dt><dd>{counted(report.ready, ...what)}</dd>
      {kind === "visits" ? <><dt>Patients</dt><dd>{counted(report.new_patients, "nouvelle fiche", "nouvelles fiches")}</dd></> : null}
      {report.known ? <><dt>Déjà là</dt><dd>{counted(report.known, "ligne, laissée telle quelle", "lignes, laissées telles quelles")}</dd></> : null}
    </dl>
  );
}

/** The import from end to end. The file stays in the browser: each step sends it, and the server forgets it. */
export function IntakeWizard() {
  const id = useId();
  const [kind, setKind] = useState("patients");
  const [places, setPlaces] = useState([]);
  const [place, setPlace] = useState("");
  const [file, setFile] = useState(null);
  const [seen, setSeen] = useState(null);
  const [mapping, setMapping] = useState({});
  const [report, setReport] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState("");
  const picker = useRef(null);
  const latest = useRef(0);
  const isCalendar = kind === "calendar";
  useEffect(() => {
    setKind(asked());
    fetch("/api/intake/places").then((answer) => (answer.ok ? answer.json() : answer.text().then(() => []))).catch(() => []).then((found) => { setPlaces(found); setPlace(found[0]?.id ?? ""); });
  }, []);

  const columns = (chosen) => ({ quoi: kind, cabinet: place, colonnes: JSON.stringify(chosen) });
  const forget = () => { latest.current += 1; setSeen(null); setReport(null); setRefusal(null); setErrors({}); setBusy(""); };
  const startOver = () => { forget(); setFile(null); picker.current.value = ""; picker.current.focus(); };

  /** Runs a step; an answer that comes after the file was changed is dropped. */
  const act = async (word, step, body, asked, then) => {
    const turn = (latest.current += 1);
    setBusy(word); setRefusal(null); setErrors({});
    try {
      const answer = await post(step, body, "text/csv", asked);
      if (turn === latest.current) await then(answer, turn);
    } catch (error) {
      if (turn === latest.current) { const refused = refusalOf(error); setRefusal(refused); setErrors(refused.fields); }
    }
    if (turn === latest.current) setBusy("");
  };

  const look = (chosen, what) => {
    forget();
    setFile(chosen);
    if (!chosen) return;
    if (what === "calendar") {
      if (chosen.size > LARGEST_CALENDAR) { setRefusal({ message: "Ce fichier dépasse 2 Mo. Exportez une période plus courte." }); setFile(null); }
      return;
    }
    if (chosen.size > LARGEST) { setRefusal({ message: "Ce fichier dépasse 5 Mo. Partagez-le en plusieurs fichiers." }); return; }
    act("Lecture du fichier…", "preview", chosen, { quoi: what, cabinet: place }, async (answer) => {
      const found = await answer.json();
      setSeen(found); setMapping(found.mapping);
    });
  };

  const map = (name, value) => {
    const chosen = { ...mapping };
    if (value === "") delete chosen[name];
    else chosen[name] = Number(value);
    setMapping(chosen); setReport(null);
    act("Lecture du fichier…", "preview", file, columns(chosen), async (answer) => setSeen(await answer.json()));
  };

  const check = () => act("Vérification de chaque ligne…", "check", file, columns(mapping), async (answer) => setReport(await answer.json()));
  const bring = (leave) => act("Import en cours…", "run", file, { ...columns(mapping), "sans-refus": leave ? "oui" : "non" }, async (answer) => setReport(await answer.json()));
  const download = () => act("Préparation de la liste…", "refused", file, columns(mapping), async (answer) => save(await answer.blob(), "lignes-refusees.csv"));

  const waiting = busy !== "";
  return (
    <div className="intake-steps">
      <Step title="1. Le fichier">
        <fieldset className="field">
          <legend className="legend">Que contient-il ?</legend>
          <div className="radios">
            {KINDS.map(([value, label]) => (
              <label className="check" key={value}>
                <input type="radio" name={`${id}quoi`} value={value} checked={kind === value} onChange={() => { setKind(value); forget(); setFile(null); picker.current.value = ""; }} /><span>{label}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {places.length > 1 ? (
          <div className="field">
            <label htmlFor={`${id}cabinet`}>Cabinet</label>
            <select id={`${id}cabinet`} className="select intake-choice" value={place} onChange={(event) => { setPlace(event.target.value); forget(); setFile(null); picker.current.value = ""; }}>
              {places.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
            </select>
          </div>
        ) : null}
        <div className="field">
          <label htmlFor={`${id}fichier`}>{isCalendar ? "Fichier de calendrier (.ics)" : "Fichier CSV"}</label>
          <p className="hint" id={`${id}aide`}>{isCalendar ? "2 Mo au plus. Les événements à venir sont lus, sur deux ans. Le fichier n’est pas conservé." : "5 Mo et 20 000 lignes au plus. La première ligne donne le nom des colonnes. Le fichier n’est pas conservé."}</p>
          <input ref={picker} id={`${id}fichier`} type="file" className="input intake-file" accept={isCalendar ? ".ics,text/calendar" : ".csv,.txt,text/csv"} aria-describedby={`${id}aide`} onClick={() => { if (refusal) picker.current.value = ""; }} onChange={(event) => look(event.target.files[0] ?? null, kind)} />
        </div>
        {isCalendar ? null : <p><a href={`/api/intake/model?${new URLSearchParams({ quoi: kind, cabinet: place })}`} download>Télécharger un modèle de 20 lignes</a></p>}
      </Step>
      {isCalendar && file ? <CalendarSteps key={`${place}${latest.current}`} file={file} place={places.find((one) => one.id === place)} onAgain={startOver} /> : null}
      {seen && !report?.imported ? (
        <Step title="2. Les colonnes" arrives>
          <Columns seen={seen} mapping={mapping} errors={errors} onMap={map} />
          <FirstLines seen={seen} mapping={mapping} />
          <div className="form-actions">
            <button type="button" className="button button-primary" disabled={waiting} onClick={check}><span>{seen.total > 1 ? `Vérifier les ${number(seen.total)} lignes` : "Vérifier la ligne"}</span></button>
          </div>
        </Step>
      ) : null}
      {report && !report.imported ? (
        <Step title="3. La vérification" arrives>
          <Summary kind={kind} report={report} />
          {report.refused ? <Faults report={report} onDownload={download} /> : <Note meaning="success" icon="circle-check">Aucune ligne n’est refusée.</Note>}
          <div className="form-actions">
            {report.refused ? (
              <>
                <button type="button" className="button button-primary" disabled={waiting} onClick={startOver}><span>Tout corriger d’abord</span></button>
                {report.ready ? <button type="button" className="button" disabled={waiting} onClick={() => bring(true)}><span>Importer sans les lignes refusées</span></button> : null}
              </>
            ) : (
              <button type="button" className="button button-primary" disabled={waiting} onClick={() => bring(false)}><span>Tout importer</span></button>
            )}
          </div>
        </Step>
      ) : null}
      {report?.imported ? (
        <Step title="C’est repris" arrives>
          <Note meaning="success" icon="circle-check">
            {kind === "patients" ? counted(report.ready, "fiche créée.", "fiches créées.") : `${counted(report.ready, "rendez-vous repris", "rendez-vous repris")}, ${counted(report.new_patients, "fiche créée.", "fiches créées.")}`}
            {report.known ? ` ${counted(report.known, "ligne était déjà là.", "lignes étaient déjà là.")}` : ""}
            {report.refused ? ` ${counted(report.refused, "ligne refusée n’a pas été reprise.", "lignes refusées n’ont pas été reprises.")}` : ""}
          </Note>
          <div className="form-actions">
            <button type="button" className="button" onClick={startOver}><span>Reprendre un autre fichier</span></button>
            <a className="button" href="/agenda">Ouvrir l’agenda</a>
          </div>
        </Step>
      ) : null}
      <p role="status" className={waiting ? "intake-busy" : "visually-hidden"}>{waiting ? <><Icon name="loader-circle" />{busy}</> : ""}</p>
      <Refused refusal={refusal} onAgain={seen ? null : () => look(file, kind)} />
    </div>
  );
}
