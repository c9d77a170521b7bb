import { useEffect, useRef, useState } from "react";
import { Dialog } from "$/public/external/components/ui/native/dialog.jsx";
import { AppSetup, Codes, Icon, OneField, Refusal, addPasskey } from "./factors.jsx";
import { ask, saidBy, usePasskey } from "./passkey.jsx";

const CHANGED = "maiia-factors"; // where the first factor comes, the other sessions end
const ELSEWHERE = " Partout ailleurs, vous êtes déconnecté.";
const DAY = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long" });
const day = (text) => DAY.format(new Date(text));
const moment = (text) => {
  const at = new Date(text);
  return `${day(text)} à ${at.getHours()}\u00a0h\u00a0${String(at.getMinutes()).padStart(2, "0")}`;
};

/** What is read from the server when the card comes: waiting, ready or failed, and how to read it again. */
function useRead(path) {
  const [found, setFound] = useState(null);
  const [said, setSaid] = useState("");
  const read = async () => {
    const answer = await ask(path, undefined, "GET");
    setSaid(answer.ok ? "" : answer.message);
    if (answer.ok) setFound(answer);
  };
  useEffect(() => { read(); }, []);
  return { found, said, read };
}

function Waiting({ said, read }) {
  if (!said) return <div className="card-body" role="status"><p className="soft">Chargement…</p></div>;
  return <div className="card-body"><Refusal>{said}</Refusal><div><button type="button" className="button" onClick={read}><span>Réessayer</span></button></div></div>;
}

/** Asks again who is there before anything changes; then what was asked for goes on. */
function Proof({ factors, done, cancel }) {
  const title = useRef(null);
  const [said, setSaid] = useState("");
  useEffect(() => { title.current?.focus(); }, []);
  const send = (field) => async (value) => {
    setSaid("");
    const answer = await ask("/api/session/proof", { [field]: value });
    if (answer.ok) { done(); return undefined; }
    return saidBy(answer, field);
  };
  const sign = async () => {
    setSaid("");
    const signed = await usePasskey("proof");
    const answer = signed.credential ? await ask("/api/session/proof", signed) : signed;
    if (answer.ok) done();
    else setSaid(answer.message);
  };
  return (
    <section className="card-body stack" aria-labelledby="titre-preuve">
      <h3 id="titre-preuve" ref={title} tabIndex={-1}>Confirmez que c’est bien vous</h3>
      {factors.proof === "sign_in" ? (
        <p>Votre dernière connexion date de plus de dix minutes. <a href="/deconnexion">Déconnectez-vous</a>, reconnectez-vous, puis revenez ici.</p>
      ) : factors.proof === "password" ? (
        <OneField id="preuve-mot-de-passe" label="Votre mot de passe" kind="password" autoComplete="current-password" maxLength={200} verb="Confirmer" send={send("password")} />
      ) : (
        <>
          {factors.passkeys.length ? <div><button type="button" className="button" onClick={sign}><span>Utiliser ma clé d’accès</span></button></div> : null}
          <Refusal>{said}</Refusal>
          <OneField
            id="preuve-code" label={factors.app ? "Code de votre application, ou code de secours" : "Ou un code de secours"} autoComplete="one-time-code"
            verb="Confirmer" focused={Boolean(factors.app)} send={send("code")}
          />
        </>
      )}
      <div><button type="button" className="button button-quiet" onClick={cancel}><span>Annuler</span></button></div>
    </section>
  );
}

function PasskeyLine({ one, rename, remove }) {
  const [renames, setRenames] = useState(false);
  const send = async (name) => {
    const refusal = await rename(name);
    if (!refusal) setRenames(false);
    return refusal;
  };
  return (
    <li className="factor">
      <div className="grow">
        <p className="strong">{one.name}</p>
        <p className="small soft">Depuis le {day(one.since)}{one.used ? `, utilisée le ${moment(one.used)}` : ", jamais utilisée"}</p>
        {renames ? <OneField id={`nom-${one.id}`} label="Nouveau nom" verb="Renommer" send={send} /> : null}
      </div>
      <div className="row">
        <button type="button" className="button button-small" aria-expanded={renames} aria-label={`Renommer ${one.name}`} onClick={() => setRenames(!renames)}><span>{renames ? "Fermer" : "Renommer"}</span></button>
        <button type="button" className="button button-small button-danger" aria-label={`Supprimer ${one.name}`} onClick={remove}><span>Supprimer</span></button>
      </div>
    </li>
  );
}

/** Asks before something goes for good, as `confirm_dialog` does; `asked` says what, if anything, and what is then done. */
function Sure({ asked, close }) {
  return (
    <Dialog id="certitude" open={Boolean(asked)} onClose={close} className="dialog sheet" role="alertdialog" labelledBy="certitude-titre">
      <div className="sheet-head">
        <div className="grow"><h2 id="certitude-titre">{asked?.title}</h2></div>
        <button type="button" className="button button-quiet button-icon" aria-label="Fermer" title="Fermer" data-closes="true"><Icon name="x" /></button>
      </div>
      <div className="sheet-body"><p>{asked?.says}</p></div>
      <div className="sheet-foot">
        <div className="form-actions">
          <button type="button" className="button button-danger-fill" onClick={() => { close(); asked.act(); }}><span>{asked?.verb}</span></button>
          <button type="button" className="button" data-closes="true" data-autofocus="true"><span>Ne rien changer</span></button>
        </div>
      </div>
    </Dialog>
  );
}

/** What is said of what is left once a factor has gone. */
const left = (last) => (last ? "C’est votre dernier moyen\u00a0: votre mot de passe seul ouvrira votre compte." : "Les autres moyens de votre compte restent.");

/** The second factors: an application, passkeys, recovery codes. */
export function Factors() {
  const { found, said, read } = useRead("/api/factors");
  const [told, setTold] = useState("");
  const [refusal, setRefusal] = useState("");
  const [wanted, setWanted] = useState(null);
  const [codes, setCodes] = useState(null);
  const [setsUp, setSetsUp] = useState(false);
  const [sure, setSure] = useState(null);
  const last = found && found.passkeys.length + (found.app ? 1 : 0) === 1;

  /** Do something that takes a fresh proof; where it is asked for, do it once that is given. */
  const act = async (what, done) => {
    setTold("");
    setRefusal("");
    const answer = await what();
    if (answer.code === "proof-wanted") { setSetsUp(false); setWanted({ what, done }); return; }
    setWanted(null);
    if (!answer.ok) { setRefusal(answer.message); return; }
    done?.(answer);
    if (answer.codes?.length) setCodes(answer.codes);
    window.dispatchEvent(new Event(CHANGED));
    await read();
  };
  const gone = (path, word) => act(() => ask(path, undefined, "DELETE"), () => setTold(word));
  /** Ask before a factor goes; the last one of who must keep one is refused anyway, and says so. */
  const lose = (path, word, asked) => (last && found.required ? gone(path, word) : setSure({ ...asked, act: () => gone(path, word) }));
  const beginApp = () => act(() => ask("/api/factors", undefined, "GET").then((now) => (now.ok && !now.fresh ? { code: "proof-wanted" } : now)), () => setSetsUp(true));

  if (!found) return <Waiting said={said} read={read} />;
  if (codes) return <div className="card-body"><Codes codes={codes} verb="Je les ai rangés" onward={() => setCodes(null)} /></div>;
  if (wanted) return <Proof factors={found} done={() => act(wanted.what, wanted.done)} cancel={() => setWanted(null)} />;
  const has = found.app || found.passkeys.length;
  const added = (words) => setTold(has ? words : words + ELSEWHERE);
  return (
    <>
      <Sure asked={sure} close={() => setSure(null)} />
      <div className="card-body stack">
        <p className="soft">
          {has ? "Après votre mot de passe, l’un de ces moyens confirme que c’est bien vous." : "Après votre mot de passe, un second moyen peut confirmer que c’est bien vous\u00a0: un mot de passe volé n’ouvre alors plus rien."}
        </p>
        <p role="status" className={told ? "strong" : "visually-hidden"}>{told}</p>
        <Refusal>{refusal || said}</Refusal>
      </div>
      <ul className="divided">
        {found.passkeys.map((one) => (
          <PasskeyLine
            key={one.id} one={one} remove={() => lose(`/api/passkeys/${one.id}`, `Supprimée\u00a0: ${one.name}.`, {
              title: `Supprimer ${one.name}\u00a0?`, verb: "Supprimer la clé d’accès",
              says: `Elle n’ouvrira plus votre compte. ${left(last)}`,
            })}
            rename={async (name) => {
              const answer = await ask(`/api/passkeys/${one.id}`, { name }, "PATCH");
              if (answer.ok) await read();
              return answer.ok ? "" : saidBy(answer, "name");
            }}
          />
        ))}
        <li className="factor">
          <div className="grow">
            <p className="strong">Clé d’accès</p>
            <p className="small soft">L’empreinte, le visage ou le code d’un appareil, ou une clé USB. Elle connecte aussi sans mot de passe.</p>
          </div>
          <button type="button" className="button button-small" onClick={() => act(addPasskey, () => added("La clé d’accès est ajoutée."))}><span>Ajouter une clé d’accès</span></button>
        </li>
        <li className="factor">
          <div className="grow">
            <p className="strong">Application d’authentification</p>
            <p className="small soft">{found.app ? `En service depuis le ${day(found.app)}` : "Votre téléphone affiche un code à six chiffres."}</p>
            {setsUp ? <AppSetup cancel={() => setSetsUp(false)} done={(answer) => act(async () => answer, () => { setSetsUp(false); added("L’application est en service."); })} refused={(answer) => { if (answer.code !== "proof-wanted") return false; setSetsUp(false); beginApp(); return true; }} /> : null}
          </div>
          <div className="row">
            {setsUp ? null : <button type="button" className="button button-small" onClick={beginApp}><span>{found.app ? "En changer" : "Ajouter une application"}</span></button>}
            {found.app && !setsUp ? <button type="button" className="button button-small button-danger" aria-label="Supprimer l’application" onClick={() => lose("/api/authenticator", "L’application est supprimée.", {
              title: "Supprimer l’application\u00a0?", verb: "Supprimer l’application",
              says: `Ses codes n’ouvriront plus votre compte. ${left(last)}`,
            })}><span>Supprimer</span></button> : null}
          </div>
        </li>
        {has ? (
          <li className="factor">
            <div className="grow">
              <p className="strong">Codes de secours</p>
              <p className="small soft">{found.codes === 0 ? "Il n’en reste aucun." : found.codes === 1 ? "Il en reste un." : `Il en reste ${found.codes}.`} Refaits, les anciens ne servent plus.</p>
            </div>
            <button type="button" className="button button-small" onClick={() => setSure({
              title: "Refaire les codes de secours\u00a0?", verb: "Refaire les codes", act: () => act(() => ask("/api/recovery-codes")),
              says: "Ceux que vous avez notés ne serviront plus. Les nouveaux s’affichent une seule fois\u00a0: ayez de quoi les noter.",
            })}><span>Refaire les codes</span></button>
          </li>
        ) : null}
      </ul>
    </>
  );
}

/** The open sessions of the account, and closing those that are not one's own any more. */
export function OwnSessions() {
  const { found, said, read } = useRead("/api/sessions");
  const [told, setTold] = useState("");
  const [refusal, setRefusal] = useState("");
  const close = async (path, word) => {
    const answer = await ask(path, undefined, "DELETE");
    setTold(answer.ok ? word : "");
    setRefusal(answer.ok ? "" : answer.message);
    await read();
  };
  useEffect(() => {
    window.addEventListener(CHANGED, read);
    return () => window.removeEventListener(CHANGED, read);
  }, []);
  if (!found) return <Waiting said={said} read={read} />;
  const others = found.sessions.filter((one) => !one.here);
  return (
    <>
      <div className="card-body stack">
        <p className="soft">Une ligne vous étonne{"\u00a0"}? Fermez-la, puis <a href="/compte/mot-de-passe">changez de mot de passe</a>.</p>
        <p role="status" className={told ? "strong" : "visually-hidden"}>{told}</p>
        <Refusal>{refusal || said}</Refusal>
      </div>
      <ul className="divided">
        {found.sessions.map((one) => (
          <li className="factor" key={one.id}>
            <div className="grow">
              <p>
                <span className="strong">{one.agent || "Navigateur inconnu"}</span>
                {one.here ? <> <span className="chip chip-accent">Ici</span></> : one.locked ? <> <span className="chip">Verrouillée</span></> : null}
              </p>
              <p className="small soft">
                Ouverte le {moment(one.opened)}{one.here ? "" : `, utilisée le ${moment(one.seen)}`}{one.network ? `, réseau ${one.network}` : ""}
              </p>
            </div>
            {one.here ? null : (
              <button
                type="button" className="button button-small" aria-label={`Fermer la session ouverte le ${moment(one.opened)}, ${one.agent || "navigateur inconnu"}`}
                onClick={() => close(`/api/sessions/${one.id}`, "La session est fermée.")}
              ><span>Fermer</span></button>
            )}
          </li>
        ))}
      </ul>
      <div className="card-body form-actions">
        {others.length ? <button type="button" className="button" onClick={() => close("/api/sessions/others", "Toutes les autres sessions sont fermées.")}><span>Fermer toutes les autres</span></button> : null}
        <a className="button" href="/deconnexion?partout"><span>Se déconnecter partout</span></a>
      </div>
    </>
  );
}
