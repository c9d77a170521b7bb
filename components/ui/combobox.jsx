import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const ASK_AFTER_MS = 150;
const SHORTEST = 2;

/** A text field that proposes while one types: arrows move, Enter takes, Escape leaves what was typed. `options` answer `answered` only. */
export function Combobox({ id, name, icon, defaultValue = "", options = [], answered, onQuery, ...input }) {
  const navigate = useNavigate();
  const field = useRef(null);
  const list = useRef(null);
  const timer = useRef(0);
  const [typed, setTyped] = useState(defaultValue);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const asked = typed.trim();
  const shown = open && asked.length >= SHORTEST && answered === asked ? options : [];
  const optionId = (index) => `${id}-proposition-${index}`;

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => { list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }); }, [at]);

  const write = (text) => {
    setTyped(text);
    setAt(-1);
    setOpen(true);
    clearTimeout(timer.current);
    const words = text.trim();
    if (words.length >= SHORTEST && words !== answered) timer.current = setTimeout(() => onQuery(words), ASK_AFTER_MS);
  };
  const close = () => { setOpen(false); setAt(-1); clearTimeout(timer.current); };
  const take = (option) => {
    close();
    if (option.href) { navigate(option.href); return; }
    setTyped(option.words);
    field.current.focus();
  };
  const pressed = (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && shown.length) {
      event.preventDefault();
      const count = shown.length + 1; // one place is the field itself
      setAt(((at + 1 + moves[event.key] + count) % count) - 1);
    } else if (event.key === "ArrowDown" && asked.length >= SHORTEST) {
      setOpen(true);
      if (answered !== asked) onQuery(asked);
    } else if (event.key === "Enter" && at >= 0 && shown[at]) {
      event.preventDefault();
      take(shown[at]);
    } else if (event.key === "Enter") close();
    else if (event.key === "Escape" && shown.length) {
      event.preventDefault();
      close();
    }
  };
  const count = shown.length > 1 ? `${shown.length} propositions` : shown.length ? "1 proposition" : "";

  return (
    <div className="input-icon combobox">
      <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${icon}`} /></svg>
      <input
        {...input} id={id} name={name} ref={field} className="input" type="text" role="combobox" autoComplete="off" spellCheck={false}
        aria-autocomplete="list" aria-expanded={shown.length > 0} aria-controls={`${id}-propositions`}
        aria-activedescendant={at >= 0 && shown[at] ? optionId(at) : undefined}
        value={typed} onChange={(event) => write(event.target.value)} onKeyDown={pressed} onBlur={close}
      />
      <div id={`${id}-propositions`} ref={list} className="menu" role="listbox" aria-label="Propositions" hidden={!shown.length}>
        {shown.map((option, index) => (
          <div key={`${option.words} ${option.href}`} id={optionId(index)} role="option" aria-selected={index === at} onPointerDown={(event) => event.preventDefault()} onClick={() => take(option)}>
            <span>{option.title}</span><span className="soft small">{option.detail}</span>
          </div>
        ))}
      </div>
      <span className="visually-hidden" role="status">{count}</span>
    </div>
  );
}
