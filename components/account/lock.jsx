import { useEffect, useRef, useState } from "react";
import { forgetDrafts, ownPath } from "./api_form.jsx";

const LOCK_PAGE = "/verrou";
const OPEN_PAGES = [LOCK_PAGE, "/connexion"];
const ACTIVE = "derniere-activite";
const NOTE_EVERY = 2000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
const CHANNEL = "maiia-ecran";

const here = () => window.location.pathname + window.location.search;
const post = (path, body = {}) =>
  fetch(path, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const isOpen = () => OPEN_PAGES.includes(window.location.pathname.replace(/(.)\/$/, "$1"));

/** Take everything off the screen at once, then leave for the lock screen by a full navigation: nothing of the page is kept. */
function leave() {
  if (isOpen()) return;
  forgetDrafts();
  document.body.hidden = true;
  window.location.replace(`${LOCK_PAGE}?suite=${encodeURIComponent(here())}`);
}

/**
 * Locks this browser's screens: by the keys, the button marked `data-lock`, after some minutes without a key or a pointer in any tab
 * (also those spent asleep or closed), and when another tab or the server says so.
 */
export function LockWatch({ minutes, locked }) {
  useEffect(() => { if (locked) leave(); }, [locked]);

  useEffect(() => {
    const kept = (event) => { if (event.persisted) window.location.reload(); }; // a page from the browser's memory may be another person's
    window.addEventListener("pageshow", kept);
    return () => window.removeEventListener("pageshow", kept);
  }, []);

  useEffect(() => {
    if (minutes === 0) localStorage.removeItem(ACTIVE);
    if (minutes <= 0 || isOpen()) return undefined;
    const channel = new BroadcastChannel(CHANNEL);
    const lock = () => { channel.postMessage("locked"); post("/api/screen/lock").catch(() => {}); leave(); };
    const idle = () => Date.now() - Number(localStorage.getItem(ACTIVE) ?? Date.now()) > minutes * 60000;
    const check = () => { if (idle()) lock(); };
    let noted = 0;
    const note = () => {
      if (Date.now() - noted < NOTE_EVERY) return;
      if (noted && idle()) { lock(); return; } // the computer slept: waking it is no work of its owner's
      noted = Date.now();
      localStorage.setItem(ACTIVE, String(noted));
    };
    const pressed = (event) => {
      const many = event.ctrlKey && event.altKey && (event.code === "KeyL" || event.key.toLowerCase() === "l"); // some desktops keep it for themselves
      const other = event.altKey && event.shiftKey && !event.ctrlKey && (event.code === "KeyV" || event.key.toLowerCase() === "v");
      if (many || other) { event.preventDefault(); lock(); }
    };
    const clicked = (event) => { if (event.target.closest("[data-lock]")) { event.preventDefault(); lock(); } };
    check();
    note();
    const timer = setInterval(check, 5000);
    channel.onmessage = ({ data }) => { if (data === "locked") leave(); };
    for (const sign of SIGNS) document.addEventListener(sign, note, { capture: true, passive: true });
    document.addEventListener("keydown", pressed, true);
    document.addEventListener("click", clicked, true);
    document.addEventListener("visibilitychange", check);
    return () => {
      clearInterval(timer);
      channel.close();
      for (const sign of SIGNS) document.removeEventListener(sign, note, { capture: true });
      document.removeEventListener("keydown", pressed, true);
      document.removeEventListener("click", clicked, true);
      document.removeEventListener("visibilitychange", check);
    };
  }, [minutes]);
  return null;
}

const initials = (name) => {
  const words = name.replace("Dr ", "").split(" ").filter(Boolean);
  return (words[0][0] + (words.length > 1 ? words[words.length - 1][0] : "")).toUpperCase();
};

function Person({ person, chosen, onChoose }) {
  return (
    <label className="choice">
      <input type="radio" name="person" value={person.id} checked={chosen} onChange={() => onChoose(person.id)} />
      <span className="avatar hue hue-teal" aria-hidden="true">{initials(person.name)}</span>
      <span className="grow">
        <span className="strong">{person.name}</span>
        {person.pin ? null : <span className="choice-detail">Sans code PIN : mot de passe</span>}
      </span>
    </label>
  );
}

/** The lock screen: locks on arrival, lists who may come back, and opens by a PIN the page that was left. */
export function LockScreen() {
  const [people, setPeople] = useState(null);
  const [person, setPerson] = useState("");
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const [suite, setSuite] = useState("");
  const code = useRef(null);
  const channel = useRef(null);

  const list = async () => {
    const response = await post("/api/screen/lock");
    if (!response.ok) { window.location.replace("/"); return; } // no screen of a practice: there is nothing to lock
    const { people: found } = await response.json();
    setPeople(found);
    setPerson((now) => (found.some((one) => one.id === now) ? now : (found.find((one) => one.here) ?? found[0])?.id ?? ""));
  };
  const go = (home) => { localStorage.removeItem(ACTIVE); window.location.replace(ownPath(suite, home)); };

  useEffect(() => {
    forgetDrafts();
    setSuite(ownPath(new URLSearchParams(window.location.search).get("suite"), ""));
    channel.current = new BroadcastChannel(CHANNEL);
    let over = false;
    const keepTrying = () => list().catch(() => { setSaid("Le serveur ne répond pas. Nouvel essai…"); if (!over) setTimeout(keepTrying, 2000); });
    keepTrying();
    return () => { over = true; channel.current.close(); };
  }, []);
  useEffect(() => { if (channel.current) channel.current.onmessage = ({ data }) => { if (data === "unlocked") go("/agenda"); }; }, [suite]);
  useEffect(() => { if (people?.length) { setSaid(""); code.current?.focus(); } }, [people]);

  const submit = async (event) => {
    event.preventDefault();
    if (busy || !asked?.pin) return;
    setBusy(true);
    try {
      const response = await post("/api/screen/unlock", { person, pin: code.current.value });
      const answer = await response.json();
      if (response.ok) { channel.current.postMessage("unlocked"); go(answer.home); return; }
      code.current.value = "";
      setSaid(answer.message);
      if (answer.code === "not-enrolled") await list();
    } catch {
      setSaid("Le serveur ne répond pas. Réessayez dans un instant.");
    }
    setBusy(false);
    code.current?.focus();
  };

  const onward = `/connexion${suite ? `?suite=${encodeURIComponent(suite)}` : ""}#mot-de-passe`;
  const asked = people?.find((one) => one.id === person);
  return (
    <div className="stack">
      <p role="alert" className={said ? "error" : "visually-hidden"}>{said}</p>
      {people?.length ? (
        <form className="form" noValidate onSubmit={submit} aria-label="Déverrouiller" aria-busy={busy}>
          <fieldset className="field">
            <legend className="legend">Qui êtes-vous{"\u00a0"}?</legend>
            <div className="choices">
              {people.map((one) => <Person key={one.id} person={one} chosen={one.id === person} onChoose={setPerson} />)}
            </div>
          </fieldset>
          {asked?.pin ? (
            <>
              <div className="field">
                <label htmlFor="code-pin">Code PIN</label>
                <input ref={code} id="code-pin" className="input" type="password" inputMode="numeric" autoComplete="off" maxLength={6} required />
              </div>
              <button type="submit" className="button button-primary button-large button-wide"><span>Déverrouiller</span></button>
            </>
          ) : null}
        </form>
      ) : people ? <p>Personne n’a de code sur ce poste.</p> : <p role="status" className="soft">Verrouillage…</p>}
      <a href={onward} className={`button button-large button-wide${people && !asked?.pin ? " button-primary" : ""}`}><span>Se connecter avec un mot de passe</span></a>
    </div>
  );
}
