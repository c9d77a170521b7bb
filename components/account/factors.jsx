import { useEffect, useRef, useState } from "react";
import { ask, saidBy, usePasskey } from "./passkey.jsx";
import "$/public/styles/security.css";

export const Icon = ({ name }) => <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
export const Refusal = ({ children }) => (children ? <p role="alert" className="error"><Icon name="circle-alert" /><span>{children}</span></p> : null);

/** A form of one field: refused, it keeps what was typed and says why beside it. `send(value)` gives the refusal, or nothing. */
export function OneField({ id, label, hint, kind = "text", verb, autoComplete = "off", inputMode, maxLength = 60, focused = true, send, children }) {
  const field = useRef(null);
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => { if (focused) field.current?.focus(); }, []);
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const refusal = await send(field.current.value);
    setBusy(false);
    setSaid(refusal ?? "");
    if (refusal) field.current?.focus();
  };
  return (
    <form className="form" noValidate aria-label={verb} aria-busy={busy} onSubmit={submit}>
      <div className="field">
        <label htmlFor={id}>{label}</label>
        {hint ? <p className="hint" id={`${id}-aide`}>{hint}</p> : null}
        <input
          ref={field} id={id} name={id} type={kind} className="input" autoComplete={autoComplete} inputMode={inputMode} maxLength={maxLength}
          required spellCheck={false} aria-invalid={said ? "true" : "false"} aria-describedby={`${hint ? `${id}-aide ` : ""}${id}-erreur`}
        />
        <p className="error" id={`${id}-erreur`} hidden={!said} role="alert"><Icon name="circle-alert" /><span>{said}</span></p>
      </div>
      {children}
      <div className="form-actions"><button type="submit" className="button button-primary"><span>{verb}</span></button></div>
    </form>
  );
}

/** Sets an application up: the picture, the secret in words, and a first code that proves it. `done(answer)` once it counts. */
export function AppSetup({ body = {}, done, cancel, other = "Annuler", refused }) {
  const [secret, setSecret] = useState(null);
  const [said, setSaid] = useState("");
  const words = useRef(null);
  useEffect(() => { words.current?.focus(); }, [secret]); // what was pressed is gone, and the field comes after what it asks for
  const begin = async () => {
    setSaid("");
    const answer = await ask("/api/authenticator");
    if (answer.ok) setSecret(answer);
    else if (!refused?.(answer)) setSaid(answer.message);
  };
  useEffect(() => { begin(); }, []);
  const send = async (code) => {
    const answer = await ask("/api/authenticator/proof", { ...body, code });
    if (answer.ok) { done(answer); return undefined; }
    return refused?.(answer) ? "" : saidBy(answer, "code");
  };
  if (said) return <><Refusal>{said}</Refusal><button type="button" className="button" onClick={begin}><span>Réessayer</span></button></>;
  if (!secret) return <p role="status" className="soft">Préparation…</p>;
  return (
    <div className="stack">
      <p ref={words} tabIndex={-1}>Avec votre application d’authentification (FreeOTP, Aegis, Google Authenticator…), photographiez ce dessin.</p>
      <svg className="qr-code" viewBox={`0 0 ${secret.size} ${secret.size}`} role="img" aria-label="QR code de la clé écrite ci-dessous"><path d={secret.path} /></svg>
      <p>
        Sans appareil photo, <a href={secret.address}>ouvrez l’application sur ce téléphone</a> ou tapez cette clé{"\u00a0"}:{" "}
        <code className="secret-words">{secret.secret}</code>
      </p>
      <OneField
        id="code-application" label="Code à six chiffres affiché" verb="Vérifier ce code" inputMode="numeric" autoComplete="one-time-code"
        maxLength={20} focused={false} send={send}
      />
      {cancel ? <p><button type="button" className="button button-quiet" onClick={cancel}><span>{other}</span></button></p> : null}
    </div>
  );
}

/** Has a passkey made by this device, or by a key or a telephone beside it. */
export async function addPasskey(body = {}) {
  const made = await usePasskey("add");
  return made.credential ? ask("/api/passkeys", { ...body, ...made }) : { ...made, ok: false };
}

/** The recovery codes, this once: to print, copy or download. */
export function Codes({ codes, onward, verb = "Continuer" }) {
  const title = useRef(null);
  const [said, setSaid] = useState("");
  useEffect(() => { title.current?.focus(); }, []);
  const text = `Codes de secours, ${window.location.host}\nChacun sert une fois.\n\n${codes.join("\n")}\n`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copiés.");
    } catch {
      setSaid("La copie est refusée par ce navigateur. Téléchargez-les, ou imprimez-les.");
    }
  };
  const download = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = "codes-de-secours.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <section className="stack recovery-codes" aria-labelledby="titre-codes">
      <h2 id="titre-codes" ref={title} tabIndex={-1}>Vos codes de secours</h2>
      <p>
        Gardez-les loin de cet appareil{"\u00a0"}: chacun remplace une fois votre application ou votre clé d’accès, si vous la perdez. <b>Ils ne
        seront plus affichés.</b>
      </p>
      <ol>{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
      <div className="form-actions">
        <button type="button" className="button" onClick={() => window.print()}><Icon name="printer" /><span>Imprimer</span></button>
        <button type="button" className="button" onClick={copy}><span>Copier</span></button>
        <button type="button" className="button" onClick={download}><span>Télécharger</span></button>
      </div>
      <p role="status" className="small">{said}</p>
      <div className="form-actions"><button type="button" className="button button-primary" onClick={onward}><span>{verb}</span></button></div>
    </section>
  );
}
