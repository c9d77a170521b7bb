import { useEffect, useRef } from "react";

/** Put a popover under its button, or above when there is no room, never outside the window. */
function place(menu, button) {
  const around = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = around.bottom + 4;
  const fits = below + height <= innerHeight - 8;
  const end = button.dataset.menuAlign === "end";
  menu.style.margin = "0";
  menu.style.inset = "auto";
  menu.style.top = `${Math.max(8, fits ? below : around.top - height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(end ? around.right - width : around.left, innerWidth - width - 8))}px`;
}

/** A menu of actions in a native popover; the button that opens it carries popovertarget="<id>". */
export function Menu({ id, label, className, children }) {
  const menu = useRef(null);
  const button = () => document.querySelector(`[popovertarget="${CSS.escape(id)}"]`);
  const items = () => [...menu.current.querySelectorAll("[role^=menuitem]:not([aria-disabled=true])")];

  useEffect(() => {
    const element = menu.current;
    const toggled = (event) => {
      const opened = event.newState === "open";
      const by = button();
      by?.setAttribute("aria-expanded", String(opened));
      if (!opened) return;
      if (by) place(element, by);
      items()[0]?.focus();
    };
    const resized = () => { if (element.matches(":popover-open") && button()) place(element, button()); };
    element.addEventListener("toggle", toggled);
    window.addEventListener("resize", resized);
    return () => {
      element.removeEventListener("toggle", toggled);
      window.removeEventListener("resize", resized);
    };
  }, []);

  const pressed = (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey ? event.key.toLocaleLowerCase("fr") : null;
    const target = {
      ArrowDown: all[(at + 1) % all.length],
      ArrowUp: all[(at - 1 + all.length) % all.length],
      Home: all[0],
      End: all[all.length - 1],
    }[event.key] ?? (letter && letter !== " " && all.find((item) => item.textContent.trim().toLocaleLowerCase("fr").startsWith(letter)));
    if (event.key === "Tab") menu.current.hidePopover();
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    target.focus();
  };
  const chosen = (event) => {
    if (!event.target.closest("[role^=menuitem]:not([aria-disabled=true])")) return;
    menu.current.hidePopover();
    button()?.focus();
  };

  return (
    <div id={id} ref={menu} popover="auto" role="menu" aria-label={label} className={className} onKeyDown={pressed} onClick={chosen}>
      {children}
    </div>
  );
}
