import { useEffect, useRef } from "react";

/** A list that scrolls by itself, begun at its present line; the page around it stays where it is. */
export function PresentList({ present, className, children }) {
  const list = useRef(null);
  useEffect(() => {
    const line = list.current.querySelector("[aria-current='true']");
    if (line) list.current.scrollTop += line.getBoundingClientRect().top - list.current.getBoundingClientRect().top - (list.current.clientHeight - line.clientHeight) / 2;
  }, [present]);
  return <ol ref={list} className={className}>{children}</ol>;
}
