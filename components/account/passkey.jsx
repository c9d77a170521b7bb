import { useEffect, useState } from "react";

const NO_NETWORK = "Le serveur ne répond pas. Réessayez dans un instant.";
const SAID = {
  NotAllowedError: "Rien n’a été confirmé. Réessayez, ou choisissez un autre moyen.",
  AbortError: "Rien n’a été confirmé. Réessayez, ou choisissez un autre moyen.",
  InvalidStateError: "Cet appareil a déjà une clé d’accès pour ce compte.",
  SecurityError: "Les clés d’accès ne marchent pas à cette adresse. Ouvrez le site par son nom, ou choisissez un autre moyen.",
  NotSupportedError: "Ce navigateur ne sait pas faire de clé d’accès. Choisissez un autre moyen.",
};

/** Ask the HTTP API; what it refuses, and a server that is silent, come back as `{ok: false, message}`. */
export async function ask(path, body, method = "POST") {
  try {
    const sent = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(path, { method, ...sent });
    const answer = response.status === 204 ? {} : await response.json();
    return { ...answer, ok: response.ok };
  } catch {
    return { ok: false, code: "no-network", message: NO_NETWORK };
  }
}

/** What a refusal says: beside a field, or of all. */
export const saidBy = (answer, field) => answer.fields?.[field] ?? answer.message;

const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list = []) => list.map((one) => ({ ...one, id: decode(one.id) }));

/**
 * Have a passkey sign what the server asks for, or have one made (`add`): the very JSON that the server reads, or `{message}` where
 * nothing was signed (W3C Web Authentication, section 5.1).
 */
export async function usePasskey(purpose) {
  if (!window.PublicKeyCredential) return { message: SAID.NotSupportedError };
  const options = await ask("/api/passkey-challenges", { purpose });
  if (!options.ok) return options;
  const publicKey = { ...options, challenge: decode(options.challenge) };
  try {
    const made = purpose === "add"
      ? await navigator.credentials.create({
          publicKey: { ...publicKey, user: { ...options.user, id: decode(options.user.id) }, excludeCredentials: named(options.excludeCredentials) },
        })
      : await navigator.credentials.get({ publicKey: { ...publicKey, allowCredentials: named(options.allowCredentials) } });
    const { response } = made;
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter((part) => response[part]);
    const told = Object.fromEntries(parts.map((part) => [part, encode(response[part])]));
    if (response.getTransports) told.transports = response.getTransports();
    return { credential: { id: made.id, rawId: encode(made.rawId), type: made.type, response: told } };
  } catch (error) {
    return { message: SAID[error.name] ?? SAID.NotAllowedError };
  }
}

/** Only a path of this very site, as in api_form.jsx, for whoever signs in by a passkey. */
export function onward(home) {
  const suite = new URLSearchParams(window.location.search).get("suite") ?? "";
  try {
    const url = new URL(suite.startsWith("/") ? suite : home, window.location.origin);
    return url.origin === window.location.origin ? url.pathname + url.search + url.hash : home;
  } catch {
    return home;
  }
}

/** Signs in by a passkey alone; shown where the browser knows passkeys. */
export function PasskeySignIn() {
  const [able, setAble] = useState(false);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  useEffect(() => setAble(Boolean(window.PublicKeyCredential)), []);
  const open = async () => {
    if (busy) return;
    setBusy(true);
    setSaid("");
    const signed = await usePasskey("sign_in");
    const answer = signed.credential ? await ask("/api/session/passkey", signed) : signed;
    if (answer.ok) { window.location.assign(onward(answer.home)); return; }
    setSaid(answer.message);
    setBusy(false);
  };
  if (!able) return null;
  return (
    <>
      <button type="button" className="button button-wide" aria-busy={busy} onClick={open}><span>Se connecter avec une clé d’accès</span></button>
      {said ? <p role="alert" className="error"><svg className="icon" aria-hidden="true"><use href="/icons.svg#circle-alert" /></svg><span>{said}</span></p> : null}
    </>
  );
}
