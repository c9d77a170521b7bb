import { useEffect, useRef } from "react";

const STEPS = {
  horizontal: { ArrowRight: 1, ArrowLeft: -1 },
  vertical: { ArrowDown: 1, ArrowUp: -1 },
  both: { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 },
};

/** A group that is one stop of the Tab key; arrows, Home and End move inside it. */
export function Roving({ selector, orientation = "horizontal", as: Tag = "div", selectOnMove, children, ...rest }) {
  const group = useRef(null);
  const items = () => [...group.current.querySelectorAll(selector)].filter((item) => !item.disabled);

  useEffect(() => {
    const all = items();
    const current =
      all.find((item) => item === document.activeElement) ??
      all.find((item) => item.matches("[aria-selected=true],[aria-checked=true],[aria-pressed=true],[aria-current]:not([aria-current=false])")) ??
      all[0];
    all.forEach((item) => { item.tabIndex = item === current ? 0 : -1; });
  });

  const pressed = (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const types = document.activeElement.matches("[type=search], [type=text], textarea");
    const step = STEPS[orientation][event.key];
    const next =
      event.key === "Home" && !types ? all[0]
      : event.key === "End" && !types ? all[all.length - 1]
      : step ? all[(at + step + all.length) % all.length]
      : null;
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    all.forEach((item) => { item.tabIndex = item === next ? 0 : -1; });
    next.focus();
    if (selectOnMove) next.click();
  };

  return <Tag ref={group} onKeyDown={pressed} {...rest}>{children}</Tag>;
}
