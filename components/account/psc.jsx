import { useEffect, useState } from "react";

const WANTED = "psc:suite"; // what one wanted to see, for who comes back in vain
const AWAY = "Le serveur ne répond pas. Réessayez dans un instant, ou utilisez votre mot de passe.";

/** The button of Pro Santé Connect, and why the last try let nobody in; the browser leaves for the provider by a full navigation. */
export function PscSignIn({ says, children }) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  useEffect(() => {
    const url = new URL(window.location.href);
    const code = url.searchParams.get("psc");
    if (code) {
      setRefusal(Object.hasOwn(says, code) ? says[code] : says["psc-refused"]);
      url.searchParams.delete("psc"); // said once: a reload begins anew
      const wanted = sessionStorage.getItem(WANTED);
      if (wanted) url.searchParams.set("suite", wanted);
      window.history.replaceState(window.history.state, "", url);
    }
    const back = () => setBusy(false); // the page may come back as it was left
    window.addEventListener("pageshow", back);
    return () => window.removeEventListener("pageshow", back);
  }, []);

  const leave = async () => {
    setBusy(true);
    setRefusal("");
    try {
      const wanted = new URLSearchParams(window.location.search).get("suite") ?? "";
      sessionStorage.setItem(WANTED, wanted);
      const body = JSON.stringify({ leads_to: wanted });
      const response = await fetch("/api/session/psc", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      const answer = await response.json();
      if (response.ok) {
        window.location.assign(answer.leave);
        return;
      }
      setRefusal(answer.message);
    } catch {
      setRefusal(AWAY);
    }
    setBusy(false);
  };

  return (
    <div className="stack">
      {refusal ? <p role="alert" className="strong">{refusal}</p> : null}
      <button type="button" className="button button-large button-wide" aria-busy={busy} disabled={busy} onClick={leave}>{children}</button>
    </div>
  );
}
