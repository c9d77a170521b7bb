import { createContext, useContext, useEffect, useRef, useState } from "react";

export const Path = createContext(null);
const STEPS = { "#code": "code", "#vous": "person", "#mot-de-passe": "password" };
const HASHES = { start: "", code: "#code", person: "#vous", password: "#mot-de-passe" };
const NOBODY = { step: "start", sought: "", by: "", sending: "", again: 0, simulation: "" };
/** What one arrives with, by the name of what the address asks for. */
const ARRIVALS = {
  sorti: "Vous êtes déconnecté.",
  change: "Votre mot de passe est changé. Connectez-vous.",
  bloque: "Votre compte est bloqué. Un message part vers votre adresse\u00a0: il permet de choisir un nouveau mot de passe.",
};
const OVER = "Ce code n’est plus valable. Demandez-en un nouveau.";
/** Pages of practices: whoever comes from one has a password. */
const WORK = /^\/(agenda|appel|assistance|autorisation|cabinet|chiffres|compte\/(informations|code-pin)|demandes|demarrage|journal|operateur|reglages|remplacements)/;

async function stands() {
  try {
    const response = await fetch("/api/session/code");
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * The way in, one step at a time: address or number, code, name; or a password. The step is in the address (`#code`), so that reload and
 * back do what one expects; what one waits for is asked of the server, which knows it by a cookie. No secret is in the address.
 */
export function SignInPath({ children }) {
  const [step, setStep] = useState("start");
  const [waiting, setWaiting] = useState(NOBODY);
  const [note, setNote] = useState("");
  const element = useRef(null);
  const moved = useRef(false);
  const at = useRef("start");

  const show = (next) => {
    at.current = next;
    setStep(next);
    if (STEPS[window.location.hash] === next || (next === "start" && !STEPS[window.location.hash])) return;
    window.location.hash = HASHES[next];
  };
  const settle = (found, asked) => {
    if (found) setWaiting(found);
    const known = found ?? waiting;
    const gone = (asked === "code" || asked === "person") && known.step === "start";
    setNote(gone ? OVER : "");
    show(gone ? "start" : asked === "code" && known.step === "person" ? "person" : asked === "person" && known.step === "code" ? "code" : asked);
  };

  useEffect(() => {
    const suite = new URLSearchParams(window.location.search).get("suite") ?? "";
    const first = STEPS[window.location.hash] ?? (WORK.test(suite) ? "password" : "start");
    if (first === "code" || first === "person") stands().then((found) => settle(found, first));
    else { at.current = first; setStep(first); }
    const came = Object.keys(ARRIVALS).find((name) => new URLSearchParams(window.location.search).has(name));
    if (came) setNote(ARRIVALS[came]);
    const turn = () => {
      const next = STEPS[window.location.hash] ?? "start";
      if (next !== at.current) setNote(""); // the address that follows a step takes away nothing that was said with it
      moved.current = true;
      at.current = next;
      setStep(next);
    };
    window.addEventListener("hashchange", turn);
    return () => window.removeEventListener("hashchange", turn);
  }, []);

  useEffect(() => {  // the first field of the step, once one has moved: on arrival nobody's keyboard opens by itself
    const field = element.current?.querySelector(`[data-step="${step}"] input`);
    if (moved.current) field?.focus();
    const typed = element.current?.querySelector('[name="identifier"]')?.value;
    if (step === "password" && typed && !field.value) field.value = typed;
  }, [step]);

  useEffect(() => {
    if (step !== "code" || waiting.sending !== "waiting") return undefined;
    const timer = setTimeout(async () => setWaiting((await stands()) ?? { ...waiting }), 1500);
    return () => clearTimeout(timer);
  }, [step, waiting]);

  /** Take what a form was answered; tells whether it leads to another step. */
  const answered = (answer) => {
    if (!answer.step) return false;
    moved.current = true;
    settle(answer, answer.step);
    return true;
  };
  const refused = async (answer) => { if (answer.code === "code-over") settle(await stands(), "code"); };

  return (
    <Path.Provider value={{ step, waiting, setWaiting, answered, refused }}>
      <div ref={element} className="stack">
        {note ? <p className="strong" role={note === OVER ? "alert" : "status"}>{note}</p> : null}
        {children}
      </div>
    </Path.Provider>
  );
}

/** One step of the way; what was typed in the others stays. */
export function Step({ name, children }) {
  const { step } = useContext(Path);
  return <div className="stack" data-step={name} hidden={step !== name}>{children}</div>;
}

/** What only those see who came by a number (`sms`) or by an address (`email`). */
export function CameBy({ way, children }) {
  const { waiting } = useContext(Path);
  return waiting.by === way ? children : null;
}

const TOLD = {
  waiting: (to) => <>Le code part vers <b>{to}</b>…</>,
  sent: (to) => <>Un code à six chiffres est parti vers <b>{to}</b>. Il est valable dix minutes.</>,
};

/** Where the code went and whether it left. */
export function CodeSent() {
  const { waiting } = useContext(Path);
  const { sought, sending, by } = waiting;
  return (
    <>
      <p role="status">{TOLD[sending]?.(sought)}</p>
      {sending === "failed" ? (
        <p role="alert" className="strong">
          Le message n’a pas pu partir vers {sought}. Nous réessayons pendant quelques minutes. Vérifiez {by === "sms" ? "le numéro" : "l’adresse"}, ou
          utilisez un mot de passe.
        </p>
      ) : null}
    </>
  );
}

/** The message itself, where a demonstration sends it to nobody. */
export function SimulatedMessage() {
  const { waiting: { simulation, by } } = useContext(Path);
  return simulation ? (
    <section className="stack">
      <p className="strong">Simulation{"\u00a0"}: voici {by === "sms" ? "le SMS" : "l’e-mail"} que vous auriez reçu.</p>
      <pre className="mail-text">{simulation}</pre>
    </section>
  ) : null;
}

/** Has another code sent, once the wait is over. */
export function SendAgain() {
  const { waiting, setWaiting } = useContext(Path);
  const [left, setLeft] = useState(0);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const ends = performance.now() + waiting.again * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((ends - performance.now()) / 1000)));
    const timer = setInterval(tick, 1000);
    tick();
    return () => clearInterval(timer);
  }, [waiting]);
  const send = async () => {
    try {
      const body = JSON.stringify({ identifier: waiting.sought });
      const response = await fetch("/api/session/code", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      const answer = await response.json();
      if (response.ok) setWaiting(answer);
      setSaid(response.ok ? "Un nouveau code part. Le précédent ne sert plus." : answer.message);
    } catch {
      setSaid("Le serveur ne répond pas. Réessayez dans un instant.");
    }
  };
  return (
    <>
      <button type="button" className="button button-wide" disabled={left > 0} onClick={send}>
        <span>{left > 0 ? `Renvoyer le code (dans ${left} s)` : "Renvoyer le code"}</span>
      </button>
      <p role="status" className="small">{said}</p>
    </>
  );
}
