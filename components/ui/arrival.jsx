import { useEffect, useRef } from "react";
import { useLocation } from "react-router";
import "./keep_focus.jsx";

let lastPath = null;

/** After a move inside the application, bring the focus to the new page's heading so that it is read out. */
export function Arrival() {
  const { pathname } = useLocation();
  const marker = useRef(null);
  useEffect(() => {
    const path = pathname.replace(/(.)\/$/, "$1"); // the server adds a slash, links have none: the page is the same
    const moved = lastPath !== null && lastPath !== path;
    lastPath = path;
    if (!moved || document.querySelector("dialog:modal")) return;
    const heading = document.querySelector("main h1") ?? document.querySelector("main");
    if (!heading) return;
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    if (!location.hash) scrollTo(0, 0);
  }, [pathname]);
  return <span ref={marker} hidden />;
}
