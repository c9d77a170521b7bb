import { useEffect, useState } from "react";

/** Show what tells people to wait only when the wait is long enough to be noticed. */
export function Patience({ after = 200, children }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return late ? children : null;
}
