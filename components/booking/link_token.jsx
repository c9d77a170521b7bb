import { useEffect } from "react";

const HERE = "/rendez-vous/lien";

/** Take the secret out of the address, so that nothing said to the server about the page holds it; a reload of the tab finds it again. */
function taken() {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState({ ...history.state, secret }, "", location.pathname);
  return history.state?.secret ?? "";
}

if (typeof window !== "undefined" && location.pathname.startsWith(HERE)) taken();

/** Tells the secret of the link that led here: once for each `mark`, and when another link is opened in the same tab. */
export function LinkToken({ mark, onRead }) {
  useEffect(() => {
    if (!mark) return undefined;
    const tell = () => onRead?.(taken());
    tell();
    addEventListener("hashchange", tell);
    return () => removeEventListener("hashchange", tell);
  }, [mark]);
  return null;
}
