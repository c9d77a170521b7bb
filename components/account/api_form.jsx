import { useContext, useEffect, useRef, useState } from "react";
import { Path } from "./sign_in_path.jsx";

export { CameBy, CodeSent, SendAgain, SignInPath, SimulatedMessage, Step } from "./sign_in_path.jsx";

const CUT = "Cette page s’ouvre par le lien d’un message, et son adresse n’est pas entière. Ouvrez de nouveau le lien, ou demandez-en un autre.";
const NO_NETWORK = "Le serveur ne répond pas. Ce que vous avez tapé est gardé\u00a0; réessayez dans un instant.";

/** Only a path of this very site: an address that starts with one slash, as the browser itself reads it. */
export function ownPath(wanted, otherwise) {
  if (!wanted || !wanted.startsWith("/")) return otherwise;
  try {
    const url = new URL(wanted, window.location.origin);
    return url.origin === window.location.origin ? url.pathname + url.search + url.hash : otherwise;
  } catch {
    return otherwise;
  }
}

/** What was being typed on this screen goes with who typed it. */
export function forgetDrafts() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
}

/** Write an error beside its field, as the fields of components/ui lay it out; an empty message takes it away. */
function mark(form, name, message) {
  const field = form.elements.namedItem(name);
  const box = field?.id && document.getElementById(`${field.id}-erreur`);
  if (!box) return;
  field.setAttribute("aria-invalid", message ? "true" : "false");
  box.hidden = !message;
  if (message) field.closest("details")?.setAttribute("open", "");
  box.querySelector("span").textContent = message;
}

function Summary({ title, lines }) {
  const element = useRef(null);
  useEffect(() => { if (lines.length || title) element.current?.focus(); }, [lines, title]);
  const go = (event, field) => { event.preventDefault(); document.getElementById(field)?.focus(); };
  return (
    <div ref={element} className="error-summary" role="alert" tabIndex={-1}>
      <h2>{title}</h2>
      {lines.length ? (
        <ul>{lines.map(({ field, message }) => <li key={field}><a href={`#${field}`} onClick={(event) => go(event, field)}>{message}</a></li>)}</ul>
      ) : null}
    </div>
  );
}

/**
 * A form that the HTTP API answers: refused, it keeps what was typed and says why beside each field; accepted, the page is left by a full
 * navigation, so that the socket opens with the new cookie. Locked until the script runs, so that no browser sends the form by itself.
 */
export function ApiForm({ action, label, className, tokenFromHash, children }) {
  const [whole, setWhole] = useState(true);
  const [ready, setReady] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState(null);
  const [said, setSaid] = useState("");
  const element = useRef(null);
  const path = useContext(Path);
  useEffect(() => setReady(true), []);
  useEffect(() => {
    if (!tokenFromHash) return undefined;
    const look = () => setWhole(window.location.hash.length > 1);
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, [tokenFromHash]);

  const refuse = (answer) => {
    const form = element.current;
    const lines = Object.entries(answer.fields ?? {}).map(([name, message]) => ({ name, message, field: form.elements.namedItem(name)?.id })).filter(({ field }) => field);
    for (const { name, message } of lines) mark(form, name, message);
    setRefusal({ title: lines.length ? "À corriger avant de continuer" : answer.message, lines });
  };

  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    const form = element.current;
    for (const field of form.elements) if (field.name) mark(form, field.name, "");
    const values = Object.fromEntries(new FormData(form));
    if (tokenFromHash) values.token = window.location.hash.slice(1);
    setBusy(true);
    setSaid("");
    try {
      const response = await fetch(action, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values) });
      const answer = await response.json();
      if (response.ok && path?.answered(answer)) {
        setRefusal(null);
        setBusy(false);
        return;
      }
      if (response.ok && answer.said) { // it is done, and one stays
        form.reset();
        for (const field of form.elements) field.dispatchEvent(new Event("input", { bubbles: true }));
        setRefusal(null);
        setSaid(answer.said);
        setBusy(false);
        return;
      }
      if (response.ok && answer.kind === "half_open") {
        const step = new URL(answer.home, window.location.origin);
        const suite = new URLSearchParams(window.location.search).get("suite");
        if (suite) step.searchParams.set("suite", suite);
        window.location.assign(step.pathname + step.search);
        return;
      }
      if (response.ok) {
        form.dispatchEvent(new Event("reset")); // what was typed is sent: its draft goes
        const home = response.status === 201 ? `${answer.home}?bienvenue=oui` : answer.home; // what was created is said where one arrives
        window.location.assign(ownPath(new URLSearchParams(window.location.search).get("suite"), home));
        return;
      }
      refuse(answer);
      await path?.refused(answer);
    } catch {
      setRefusal({ title: NO_NETWORK, lines: [] });
    }
    setBusy(false);
  };

  /** What is wrong with a field is so no more once it is typed anew; the next answer says. */
  const typed = ({ target }) => {
    if (target.name) mark(element.current, target.name, "");
    if (refusal?.lines.length === 1 && refusal.lines[0].name === target.name) setRefusal(null);
  };

  if (!whole) return <p role="status" className="strong">{CUT}</p>;
  return (
    <form ref={element} action={action} method="post" noValidate className={className} aria-label={label} aria-busy={busy} onSubmit={submit} onInput={typed}>
      <p role="status" className="strong told" hidden={!said}>{said}</p>
      {refusal ? <Summary title={refusal.title} lines={refusal.lines} /> : null}
      <fieldset role="none" className="plain-fieldset form" disabled={!ready}>{children}</fieldset>
    </form>
  );
}

/** Ends the session (or, asked and confirmed, all of the account's) and leaves by a full navigation. */
export function SignOut({ leaving, everywhere, confirm, back, failure, again }) {
  const [asks, setAsks] = useState(false);
  const [failed, setFailed] = useState(false);
  const leave = async (path) => {
    setFailed(false);
    forgetDrafts();
    try {
      const response = await fetch(path, { method: "DELETE" });
      if (!response.ok && response.status !== 401) throw new Error(String(response.status));
      if (response.status === 200) {
        window.location.replace((await response.json()).leave); // the session that it came by ends there, which leads back here
        return;
      }
      const others = await fetch("/api/screen/lock", { method: "POST" });
      window.location.replace(others.ok && (await others.json()).people.length ? "/verrou" : "/connexion/?sorti");
    } catch {
      setFailed(true);
    }
  };
  useEffect(() => {
    if (new URLSearchParams(window.location.search).has("partout")) setAsks(true);
    else leave("/api/session");
  }, []);
  return (
    <div className="stack">
      {failed ? <p role="alert" className="strong">{failure}</p> : null}
      {asks ? (
        <>
          <p>{everywhere}</p>
          <div className="form-actions">
            <button type="button" className="button button-danger-fill" onClick={() => leave("/api/sessions")}><span>{confirm}</span></button>
            <a className="button" href="/">{back}</a>
          </div>
        </>
      ) : failed ? (
        <button type="button" className="button" onClick={() => leave("/api/session")}><span>{again}</span></button>
      ) : (
        <p role="status" className="soft">{leaving}</p>
      )}
    </div>
  );
}
