import { useId, useState } from "react";

const NO_NETWORK = "Le fichier n’est pas parti. Vérifiez la connexion, puis recommencez.";

/** Asks for a file, sends it at once, and says beside the field what is wrong with it. */
export function FileInput({ action, label, hint, accept, onDone }) {
  const id = useId();
  const [error, setError] = useState("");
  const [sends, setSends] = useState(false);
  const send = async (event) => {
    const field = event.target;
    const file = field.files[0];
    if (!file) return;
    setError("");
    setSends(true);
    try {
      const response = await fetch(action, { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file });
      if (response.ok) onDone?.();
      else setError((await response.json()).message ?? NO_NETWORK);
    } catch {
      setError(NO_NETWORK);
    }
    setSends(false);
    field.value = "";
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <p className="hint" id={`${id}-aide`}>{hint}</p>
      <input id={id} type="file" className="input" accept={accept} disabled={sends} aria-invalid={error ? "true" : "false"} aria-describedby={`${id}-aide ${id}-erreur`} onChange={send} />
      <p className="error" id={`${id}-erreur`} role="alert" hidden={!error}><svg className="icon" aria-hidden="true"><use href="/icons.svg#circle-alert" /></svg><span>{error}</span></p>
      <p className="visually-hidden" role="status">{sends ? "Envoi du fichier…" : ""}</p>
    </div>
  );
}
