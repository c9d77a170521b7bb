import { useId, useState } from "react";

const NO_NETWORK = "L’image n’est pas partie. Vérifiez la connexion, puis recommencez.";

/** Asks for a picture, sends it at once, and says beside the field what is wrong with it. */
export function PictureInput({ kind, label, onDone }) {
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
      const response = await fetch(`/api/profile/pictures/${kind}`, { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file });
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
      <p className="hint" id={`${id}-aide`}>JPEG, PNG ou WebP, 5 Mo au plus. Visible dans l’aperçu, publiée avec le reste.</p>
      <input id={id} type="file" className="input" accept="image/jpeg,image/png,image/webp" disabled={sends} aria-invalid={error ? "true" : "false"} aria-describedby={`${id}-aide ${id}-erreur`} onChange={send} />
      <p className="error" id={`${id}-erreur`} role="alert" hidden={!error}><svg className="icon" aria-hidden="true"><use href="/icons.svg#circle-alert" /></svg><span>{error}</span></p>
      <p className="visually-hidden" role="status">{sends ? "Envoi de l’image…" : ""}</p>
    </div>
  );
}
