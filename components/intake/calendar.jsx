/** A calendar that comes in as appointments: each coming event with whom it is about, its reason and what becomes of it. */

import { useEffect, useId, useRef, useState } from "react";
import { Icon, Note, Refused, Step, counted, number, post, refusalOf, save } from "./parts.jsx";

const FATES = [["visit", "Rendez-vous"], ["busy", "Temps occupé"], ["leave", "Laissé de côté"]];
const SURE = {
  birth: ["chip-success", "circle-check"], contact: ["chip-success", "circle-check"], name: ["chip-warning", "triangle-alert"], new: ["chip-accent", "plus"],
  several: ["chip-danger", "circle-alert"], close: ["chip-danger", "circle-alert"], nobody: ["chip-danger", "circle-alert"],
};
const FOUND = ["birth", "contact", "name"];
const TRAITS = [["family_name", "Nom"], ["given_name", "Prénom"], ["birth_date", "Date de naissance"]];
const HEADS = ["Ligne", "Quand", "Événement", "Patient", "Motif", "Devient"];
const WHY = [
  ["cancelled", "annulé", "annulés"], ["free", "marqué disponible", "marqués disponibles"], ["own", "rendez-vous de Maiia Pro", "rendez-vous de Maiia Pro"],
  ["empty", "sans durée", "sans durée"], ["broken", "illisible", "illisibles"],
];

function Chip({ kind, icon, children }) {
  return <span className={`chip ${kind}`}><Icon name={icon} />{children}</span>;
}

function Choice({ label, value, options, onChoose }) {
  return (
    <select className="select" aria-label={label} value={value} onChange={(event) => onChoose(event.target.value)}>
      {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
    </select>
  );
}

function Setting({ label, hint, ...rest }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="select" value={rest.value} onChange={(event) => rest.onChoose(event.target.value)}>
        {rest.options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
      {hint ? <p className="hint">{hint}</p> : null}
    </div>
  );
}

/** Whom an event is about: found, picked, or typed. */
function Person({ line, said, onSay }) {
  const [kind, icon] = SURE[line.certainty];
  const { family_name: family, given_name: given, birth_date: born } = line.person;
  const first = line.certainty === "new" ? [["", `Nouvelle fiche : ${family} ${given}, ${born}`]] : FOUND.includes(line.certainty) ? [] : [["", "Choisissez…"]];
  const options = [...first, ...line.records.map((one) => [one.id, one.name]), ["other", "Quelqu’un d’autre…"]];
  const value = said.other ? "other" : said.patient ?? (FOUND.includes(line.certainty) ? line.records[0].id : "");
  const choose = (picked) => {
    if (picked === "other") onSay({ other: true, patient: undefined, ...line.person });
    else onSay({ other: undefined, family_name: undefined, given_name: undefined, birth_date: undefined, patient: picked || undefined });
  };
  return (
    <>
      {said.other || said.patient ? null : <Chip kind={kind} icon={icon}>{line.found}</Chip>}
      <Choice label={`Patient, ligne ${line.line}`} value={value} options={options} onChoose={choose} />
      {said.other ? (
        <div className="intake-person">
          {TRAITS.map(([name, label]) => (
            <input key={name} className="input" aria-label={`${label}, ligne ${line.line}`} placeholder={label} value={said[name] ?? ""} onChange={(event) => onSay({ [name]: event.target.value })} />
          ))}
          <p className="hint">La fiche est retrouvée si elle existe, sinon créée.</p>
        </div>
      ) : null}
    </>
  );
}

function EventRow({ line, said, reasons, onSay }) {
  const known = line.fate === "known";
  const fate = said.fate ?? (line.fate || (line.all_day ? "" : "visit"));
  const fates = line.all_day ? [["", "À décider"], ...FATES.slice(1)] : FATES;
  const visit = !known && fate === "visit";
  return (
    <tr role="row">
      <th scope="row" role="rowheader">{line.line}</th>
      <td role="cell" data-label={HEADS[1]}><span>{line.day}<br />{line.hours}</span></td>
      <td role="cell" data-label={HEADS[2]}>
        <div className="intake-cell">
          <span>{line.title || <span className="soft">Sans intitulé</span>}</span>
          {line.repeats ? <Chip kind="" icon="refresh-cw">Se répète</Chip> : null}
          {visit && line.outside_hours ? <Chip kind="chip-warning" icon="triangle-alert">Hors horaires</Chip> : null}
        </div>
      </td>
      <td role="cell" data-label={HEADS[3]}><div className="intake-cell">{visit ? <Person line={line} said={said} onSay={onSay} /> : "–"}</div></td>
      <td role="cell" data-label={HEADS[4]}><div className="intake-cell">{visit ? <Choice label={`Motif, ligne ${line.line}`} value={said.reason ?? line.reason} options={[...(line.reason ? [] : [["", "Choisissez…"]]), ...reasons.map((one) => [one.id, one.name])]} onChoose={(picked) => onSay({ reason: picked || undefined })} /> : "–"}</div></td>
      <td role="cell" data-label={HEADS[5]}>
        <div className="intake-cell">
          {known ? <Chip kind="" icon="check">Déjà là</Chip> : <Choice label={`Devient, ligne ${line.line}`} value={fate} options={fates} onChoose={(picked) => onSay({ fate: picked || undefined })} />}
          {!known && !line.fate && !said.fate ? line.faults.map((fault) => <p className="intake-wrong small" key={fault}><Icon name="triangle-alert" />{fault}</p>) : null}
        </div>
      </td>
    </tr>
  );
}

function Facts({ report }) {
  const left = WHY.filter(([name]) => report.left_out[name]).map(([name, one, many]) => counted(report.left_out[name], one, many));
  return (
    <>
      <dl className="facts">
        <dt>À venir</dt><dd>{counted(report.total, "événement", "événements")}</dd>
        <dt>Prêt</dt><dd>{counted(report.ready, "rendez-vous", "rendez-vous")}, {counted(report.new_patients, "nouvelle fiche", "nouvelles fiches")}</dd>
        {report.busy ? <><dt>Temps occupé</dt><dd>{counted(report.busy, "plage", "plages")}</dd></> : null}
        {report.left ? <><dt>Laissés de côté</dt><dd>{counted(report.left, "événement", "événements")}</dd></> : null}
        {report.known ? <><dt>Déjà là</dt><dd>{counted(report.known, "événement, laissé tel quel", "événements, laissés tels quels")}</dd></> : null}
      </dl>
      {left.length ? <p className="small soft">Non repris : {left.join(", ")}.</p> : null}
    </>
  );
}

/** The steps after the file: whose agenda, event by event, import. */
export function CalendarSteps({ file, place, onAgain }) {
  const agendas = place?.agendas.filter((one) => one.reasons.length) ?? [];
  const [agenda, setAgenda] = useState((agendas.find((one) => one.own) ?? agendas[0])?.id ?? "");
  const reasons = agendas.find((one) => one.id === agenda)?.reasons ?? [];
  const [settings, setSettings] = useState({ reason: reasons.length === 1 ? reasons[0].id : "", rest: "", order: "family", notes: false });
  const [said, setSaid] = useState({});
  const [report, setReport] = useState(null);
  const [fresh, setFresh] = useState(false);
  const [refusal, setRefusal] = useState(null);
  const [busy, setBusy] = useState("");
  const [only, setOnly] = useState(false);
  const latest = useRef(0);
  const edits = useRef(0);

  const act = async (word, step, then, changed = {}) => {
    const turn = (latest.current += 1);
    const now = { agenda, settings, said, ...changed };
    setBusy(word); setRefusal(null);
    try {
      const { rest, reason, order, notes } = now.settings;
      const body = JSON.stringify({ calendar: await file.text(), agenda: now.agenda, reason, rest, notes, family_first: order === "family", lines: now.said });
      const answer = await post(`calendar/${step}`, body, "application/json", { cabinet: place.id });
      if (turn === latest.current) await then(answer);
    } catch (error) {
      if (turn === latest.current) setRefusal(refusalOf(error));
    }
    if (turn === latest.current) setBusy("");
  };
  /** What was chosen while the answer was on its way is not in it. */
  const take = (at = edits.current) => async (answer) => { setReport(await answer.json()); setFresh(at === edits.current); };
  const check = (changed) => act("Lecture du calendrier…", "check", take(), changed);
  useEffect(() => { if (place && agenda) check(); }, []);
  const set = (name, value) => { const next = { ...settings, [name]: value }; setSettings(next); check({ settings: next }); };
  const open = (value) => {
    const next = { ...settings, reason: "" };
    setAgenda(value); setSettings(next); setSaid({}); setReport(null);
    check({ agenda: value, settings: next, said: {} });
  };
  const say = (key, more) => { edits.current += 1; setSaid((before) => ({ ...before, [key]: { ...before[key], ...more } })); setFresh(false); };

  if (!agenda) return <Note meaning="danger" icon="circle-x" role="alert">Aucun motif n’est ouvert dans ce cabinet. Créez-en un dans les réglages, puis reprenez vos rendez-vous.</Note>;
  const waiting = busy !== "";
  const rows = report?.lines.filter((line) => !only || (!line.fate && !said[line.key]?.fate)) ?? [];
  if (report?.imported) {
    return (
      <Step title="C’est repris" arrives>
        <Note meaning="success" icon="circle-check">
          {counted(report.ready, "rendez-vous repris", "rendez-vous repris")}, {counted(report.new_patients, "fiche créée.", "fiches créées.")}
          {report.busy ? ` ${counted(report.busy, "plage bloquée.", "plages bloquées.")}` : ""}
          {report.known ? ` ${counted(report.known, "événement était déjà là.", "événements étaient déjà là.")}` : ""}
          {report.left ? ` ${counted(report.left, "événement laissé de côté.", "événements laissés de côté.")}` : ""}
        </Note>
        <div className="form-actions">
          <button type="button" className="button" onClick={onAgain}><span>Reprendre un autre fichier</span></button>
          <a className="button" href="/agenda">Ouvrir l’agenda</a>
        </div>
      </Step>
    );
  }
  return (
    <>
      <Step title="2. Pour tout le fichier">
        <div className="intake-columns">
          {agendas.length > 1 ? <Setting label="Agenda de" value={agenda} options={agendas.map((one) => [one.id, one.name])} onChoose={open} /> : null}
          <Setting label="Motif" hint="Un événement qui nomme un autre motif le garde." value={settings.reason} options={[["", "À choisir pour chacun"], ...reasons.map((one) => [one.id, one.name])]} onChoose={(value) => set("reason", value)} />
          <Setting label="Les noms s’écrivent" hint="Des capitales le disent mieux." value={settings.order} options={[["family", "Nom Prénom"], ["given", "Prénom Nom"]]} onChoose={(value) => set("order", value)} />
          <Setting label="Les autres événements" value={settings.rest} options={[["", "À décider un par un"], ["busy", "Deviennent du temps occupé"], ["leave", "Sont laissés de côté"]]} onChoose={(value) => set("rest", value)} />
        </div>
        <label className="check"><input type="checkbox" checked={settings.notes} onChange={(event) => set("notes", event.target.checked)} /><span>Garder la description de l’événement comme note du rendez-vous</span></label>
      </Step>
      <p role="status" className={waiting ? "intake-busy" : "visually-hidden"}>{waiting ? <><Icon name="loader-circle" />{busy}</> : ""}</p>
      <Refused refusal={refusal} onAgain={report ? null : () => check()} />
      {report ? (
        <Step title="3. Les rendez-vous" arrives>
          <Facts report={report} />
          {report.refused ? (
            <div className="row intake-refused">
              <h3>{counted(report.refused, "événement à décider", "événements à décider")}</h3>
              <label className="check"><input type="checkbox" checked={only} onChange={(event) => setOnly(event.target.checked)} /><span>Ne montrer qu’eux</span></label>
              <button type="button" className="button button-small push" disabled={waiting} onClick={() => act("Préparation de la liste…", "refused", async (answer) => save(await answer.blob(), "evenements-a-decider.csv"))}><Icon name="file-text" /><span>Télécharger la liste</span></button>
            </div>
          ) : <Note meaning="success" icon="circle-check">Chaque événement a sa place.</Note>}
          <div className="table-holder intake-faults intake-events" tabIndex={0} role="region" aria-label="Événements du calendrier">
            <table className="table table-cards" role="table">
              <caption className="visually-hidden">Événements du calendrier</caption>
              <thead role="rowgroup"><tr role="row">{HEADS.map((head) => <th key={head} scope="col" role="columnheader">{head}</th>)}</tr></thead>
              <tbody role="rowgroup">{rows.map((line) => <EventRow key={line.key} line={line} said={said[line.key] ?? {}} reasons={reasons} onSay={(more) => say(line.key, more)} />)}</tbody>
            </table>
          </div>
          {report.total > report.lines.length ? <p className="small soft">{number(report.lines.length)} sont montrés, ceux à décider d’abord.</p> : null}
          <div className="form-actions">
            {fresh ? null : <button type="button" className="button button-primary" disabled={waiting} onClick={() => check()}><span>Vérifier mes choix</span></button>}
            {fresh && !report.refused ? <button type="button" className="button button-primary" disabled={waiting} onClick={() => act("Import en cours…", "run", take())}><span>Tout importer</span></button> : null}
            {fresh && report.refused ? <p className="soft">Décidez de chaque événement, ou choisissez plus haut ce que devient le reste.</p> : null}
          </div>
        </Step>
      ) : null}
    </>
  );
}
