/** What keeps its identity from one drawing to the next, so that parts to which nothing happened are not drawn again. */

import { useMemo, useRef } from "react";
import { filed } from "./shapes.js";

/** The same functions for ever, each calling the latest of its name. */
export function useStable(handlers) {
  const latest = useRef(handlers);
  latest.current = handlers;
  return useMemo(() => Object.fromEntries(Object.keys(handlers).map((name) => [name, (...given) => latest.current[name]?.(...given)])), []);
}

/** Visits by column. */
export function useColumns(columns, blocks) {
  const held = useRef(null);
  held.current = useMemo(() => filed(columns, blocks, held.current), [columns, blocks]);
  return held.current;
}
