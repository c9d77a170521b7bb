import { useEffect, useState } from "react";
import { AppSetup, Codes, Icon, OneField, Refusal, addPasskey } from "./factors.jsx";
import { ask, onward, saidBy, usePasskey } from "./passkey.jsx";

const LOST = "/identifiants-perdus";
const first = () => new URLSearchParams(window.location.search).has("premier");

/** Give up: the session that is half open ends. */
async function leave() {
  await ask("/api/session", undefined, "DELETE");
  window.location.replace("/connexion");
}

function Trust({ trusts, onChange }) {
  return (
    <div className="field field-check">
      <label className="check">
        <input type="checkbox" checked={trusts} onChange={(event) => onChange(event.target.checked)} aria-describedby="aide-confiance" />
        <span>Appareil de confiance</span>
      </label>
      <p className="hint check-hint" id="aide-confiance">La seconde étape n’y sera plus demandée pendant 30 jours. Pas sur un appareil prêté.</p>
    </div>
  );
}

function Prove({ awaited, phone, email }) {
  const [trusts, setTrusts] = useState(false);
  const [paper, setPaper] = useState(!awaited.app && !awaited.passkey);
  const [said, setSaid] = useState("");
  const take = (answer) => { window.location.assign(onward(answer.home)); };
  const over = (answer) => {
    if (answer.code !== "step-over" && answer.code !== "not-signed-in") return false;
    window.location.replace("/connexion");
    return true;
  };
  const send = async (code) => {
    setSaid("");
    const answer = await ask("/api/session/step", { code, trust: trusts, first: first() });
    if (answer.ok) { take(answer); return undefined; }
    return over(answer) ? "" : saidBy(answer, "code");
  };
  const sign = async () => {
    setSaid("");
    const signed = await usePasskey("step");
    const answer = signed.credential ? await ask("/api/session/step", { ...signed, trust: trusts, first: first() }) : signed;
    if (answer.ok) take(answer);
    else if (!over(answer)) setSaid(answer.message);
  };
  const trust = <Trust trusts={trusts} onChange={setTrusts} />;
  const withCode = paper || awaited.app;
  return (
    <>
      {awaited.passkey && !paper ? (
        <>
          <button type="button" className={`button button-large button-wide${awaited.app ? "" : " button-primary"}`} onClick={sign}><span>Utiliser ma clé d’accès</span></button>
          <Refusal>{said}</Refusal>
          {awaited.app ? <p className="soft">Ou bien{"\u00a0"}:</p> : trust}
        </>
      ) : null}
      {withCode ? (
        <OneField
          key={paper ? "papier" : "application"} id="code-etape" verb="Continuer" send={send}
          label={paper ? "Code de secours" : "Code à six chiffres de votre application"}
          hint={paper ? "L’un de ceux que vous avez rangés\u00a0; il ne servira qu’une fois." : ""}
          inputMode={paper ? "text" : "numeric"} autoComplete={paper ? "off" : "one-time-code"} maxLength={40}
        >
          {trust}
        </OneField>
      ) : null}
      {awaited.codes ? (
        <p>
          <button type="button" className="button button-quiet" onClick={() => setPaper(!paper)}>
            <span>{paper ? "Utiliser mon application ou ma clé" : "Utiliser un code de secours"}</span>
          </button>
        </p>
      ) : null}
      <p className="small">
        Plus de téléphone, de clé ni de codes{"\u00a0"}? Appelez notre assistance au{" "}
        <a href={`tel:${phone.replace(/\s/g, "")}`}>{phone.replace(/\s/g, "\u00a0")}</a> ou écrivez à <a href={`mailto:${email}`}>{email}</a>
        {"\u00a0"}: elle vérifie que c’est bien vous, puis vous ajoutez une autre seconde étape. Votre cabinet ne peut pas le faire.
      </p>
      <p className="small">Volés{"\u00a0"}? <a href={LOST}>Bloquez d’abord votre compte</a></p>
    </>
  );
}

function SetUp({ cancel }) {
  const [way, setWay] = useState("");
  const [said, setSaid] = useState("");
  const [done, setDone] = useState(null);
  const body = { first: first() };
  const over = (answer) => {
    if (answer.code !== "not-signed-in" && answer.code !== "second-step-needed") return false;
    window.location.replace("/connexion");
    return true;
  };
  const byKey = async () => {
    setSaid("");
    const answer = await addPasskey(body);
    if (answer.ok) setDone(answer);
    else if (!over(answer)) setSaid(answer.message);
  };
  if (done) return <Codes codes={done.codes} onward={() => window.location.assign(onward(done.home))} />;
  if (way === "app") return <><AppSetup body={body} done={setDone} cancel={() => setWay("")} other="Choisir un autre moyen" refused={over} />{cancel}</>;
  return (
    <>
      <p>
        Vous accédez à des données de santé{"\u00a0"}: un mot de passe seul ne suffit pas. Choisissez ce qui confirmera que c’est bien vous. Cela prend deux
        minutes, une seule fois.
      </p>
      <button type="button" className="button button-primary button-large button-wide" onClick={byKey}><Icon name="shield-check" /><span>Créer une clé d’accès</span></button>
      <p className="small soft">L’empreinte, le visage ou le code de cet appareil, ou une clé USB. Le plus simple, et le plus sûr.</p>
      <Refusal>{said}</Refusal>
      <button type="button" className="button button-large button-wide" onClick={() => setWay("app")}><Icon name="phone" /><span>Utiliser une application</span></button>
      <p className="small soft">Votre téléphone affiche un code à six chiffres, que vous recopiez ici.</p>
      {cancel}
    </>
  );
}

/** The second step of signing in: done by who has one, set up by who must have one; `phone` and `email` are the operator's. */
export function SecondStep({ phone, email }) {
  const [awaited, setAwaited] = useState(null);
  const [said, setSaid] = useState("");
  const look = async () => {
    setSaid("");
    const found = await ask("/api/session/step", undefined, "GET");
    if (!found.ok) setSaid(found.message);
    else if (found.step) setAwaited(found);
    else window.location.replace(onward("/connexion"));
  };
  useEffect(() => { look(); }, []);
  if (said) return <><Refusal>{said}</Refusal><button type="button" className="button" onClick={look}><span>Réessayer</span></button></>;
  if (!awaited) return <p role="status" className="soft">Chargement…</p>;
  const cancel = <p><button type="button" className="button button-quiet" onClick={leave}><span>Annuler la connexion</span></button></p>;
  return <div className="stack">{awaited.step === "prove" ? <><Prove awaited={awaited} phone={phone} email={email} />{cancel}</> : <SetUp cancel={cancel} />}</div>;
}
