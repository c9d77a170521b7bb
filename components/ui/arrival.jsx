import { useEffect, useRef } from "react";
import { useLocation } from "react-router";
import "./keep_focus.jsx";

let lastPath = null;

/** After a move inside the application, bring the focus to the new page's heading so that it is read out. */
export function Arrival() {
  const { pathname, hash } = useLocation();
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
  useEffect(() => { // a part of a page that is still being read: the browser looked for it before it was there
    if (!hash || document.getElementById(hash.slice(1))) return undefined;
    const show = () => {
      const part = document.getElementById(hash.slice(1));
      if (part) { part.scrollIntoView(); over(); }
    };
    const watch = new MutationObserver(show);
    const gestures = ["wheel", "touchmove", "keydown", "pointerdown"]; // whoever goes somewhere themself stays there
    const over = () => { watch.disconnect(); clearTimeout(timer); gestures.forEach((one) => removeEventListener(one, over)); };
    const timer = setTimeout(over, 10_000);
    watch.observe(document.body, { childList: true, subtree: true });
    gestures.forEach((one) => addEventListener(one, over, { passive: true }));
    return over;
  }, [pathname, hash]);
  return <span ref={marker} hidden />;
}
