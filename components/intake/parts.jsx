/** What the steps of every import share. */

import { useEffect, useRef } from "react";

const LOST = { message: "Le serveur ne répond pas. Votre fichier est gardé ici ; réessayez dans un instant.", fields: {}, again: true };
export const number = (count) => count.toLocaleString("fr-FR");
export const counted = (count, one, many) => `${number(count)} ${count > 1 ? many : one}`;

export function Icon({ name }) {
  return <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
}

export function Note({ meaning, icon, children, ...rest }) {
  return <div className={`banner note banner-${meaning}`} {...rest}><Icon name={icon} /><div className="grow">{children}</div></div>;
}

/** What a refused step says; whatever is no answer of the server is a lost one. */
export const refusalOf = (error) => (error instanceof Error ? LOST : { fields: {}, ...error });

/** Brings into sight why a step did not go through; where the server was away, the same can be asked again. */
export function Refused({ refusal, onAgain }) {
  const said = useRef(null);
  useEffect(() => { said.current?.scrollIntoView({ block: "nearest" }); }, [refusal]);
  if (!refusal) return null;
  return (
    <div className="stack" ref={said}>
      <Note meaning="danger" icon="circle-x" role="alert">{refusal.message}</Note>
      {refusal.again && onAgain ? <div className="form-actions"><button type="button" className="button" onClick={onAgain}><span>Réessayer</span></button></div> : null}
    </div>
  );
}

/** A card that takes the focus when it comes, so that those who hear the page follow. */
export function Step({ title, children, arrives }) {
  const heading = useRef(null);
  useEffect(() => { if (arrives) heading.current?.focus(); }, [arrives]);
  return (
    <section className="card">
      <div className="card-head"><h2 ref={heading} tabIndex={-1}>{title}</h2></div>
      <div className="card-body intake-step">{children}</div>
    </section>
  );
}

/** Sends a file to a step; gives the answer, or throws what the server says. */
export async function post(step, body, type, asked) {
  let response;
  try {
    response = await fetch(`/api/intake/${step}?${new URLSearchParams(asked)}`, { method: "POST", headers: { "Content-Type": type }, body });
  } catch {
    throw LOST;
  }
  if (response.ok) return response;
  const refusal = await response.json().catch(() => LOST);
  throw response.status === 503 ? { ...refusal, again: true } : refusal;
}

/** Saves an answer under a name. */
export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function Faults({ report, onDownload }) {
  return (
    <>
      <div className="row intake-refused">
        <h3>{counted(report.refused, "ligne refusée", "lignes refusées")}</h3>
        <button type="button" className="button button-small push" onClick={onDownload}><Icon name="file-text" /><span>Télécharger la liste</span></button>
      </div>
      <div className="table-holder intake-faults" tabIndex={0} role="region" aria-label="Lignes refusées">
        <table className="table table-cards" role="table">
          <caption className="visually-hidden">Lignes refusées</caption>
          <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Ligne</th><th scope="col" role="columnheader">Champ</th><th scope="col" role="columnheader">À corriger</th></tr></thead>
          <tbody role="rowgroup">
            {report.faults.map(({ line, field, message }, index) => (
              <tr role="row" key={index}>
                <th scope="row" role="rowheader">{`Ligne ${line}`}</th>
                <td role="cell" data-label="Champ">{field}</td>
                <td role="cell" data-label="À corriger">{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {report.more ? <p className="small soft">Et {number(report.more)} autres, dans la liste à télécharger.</p> : null}
    </>
  );
}
