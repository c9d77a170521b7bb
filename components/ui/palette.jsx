import { useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Dialog } from "./dialog.jsx";

const ASK_AFTER_MS = 120;
const PATIENT_MS = 200;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("fr");

/** Underline the part of a text that was asked for: every second part, where the server cut it, else what begins it. */
function Marked({ text, query, parts }) {
  if (parts) return parts.map((part, index) => (index % 2 ? <mark key={index}>{part}</mark> : part));
  const at = query ? plain(text).indexOf(plain(query)) : -1;
  if (at < 0 || plain(text).length !== text.length) return text;
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + query.length)}</mark>{text.slice(at + query.length)}</>;
}

function Option({ option, id, query, selected, onPick }) {
  return (
    <div id={id} role="option" aria-selected={selected} onPointerDown={(event) => event.preventDefault()} onClick={onPick}>
      {option.initials
        ? <span className={`avatar hue hue-${option.hue || "teal"}`} aria-hidden="true">{option.initials}</span>
        : <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${option.icon || "arrow-right"}`} /></svg>}
      <span className="grow">
        <span className="palette-title"><b><Marked text={option.title} query={query} parts={option.marked?.title} /></b>{option.aside ? <span className="soft"> · <Marked text={option.aside} parts={option.marked?.aside} /></span> : null}</span>
        {option.detail ? <span className="palette-detail"><Marked text={option.detail} query={query} parts={option.marked?.detail} /></span> : null}
      </span>
      {option.chip ? <span className="chip chip-warning">{option.chip}</span> : null}
      {option.keys ? <kbd>{option.keys}</kbd> : null}
    </div>
  );
}

/** Whether each word that was typed begins a word of the command. */
const named = (command, wanted) => {
  const words = plain(`${command.title} ${command.aside ?? ""} ${command.also ?? ""}`).split(/[^\p{L}\p{N}]+/u);
  return wanted.split(/\s+/).every((asked) => words.some((word) => word.startsWith(asked)));
};

/** Search and commands in one place: the page's own commands are filtered here, the rest comes from the server.
 * `answered` is what the groups answer: those of an earlier word are not shown, and Enter pressed too early waits for its answer. */
export function Palette({ id = "palette", label, placeholder, commands = [], groups = [], answered, hint, onQuery, onPick }) {
  const navigate = useNavigate();
  const input = useRef(null);
  const list = useRef(null);
  const timer = useRef(0);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const early = useRef(false);
  const [turn, setTurn] = useState(0);
  const asked = query.trim().slice(0, 80);
  const pending = Boolean(onQuery) && asked !== "" && answered !== asked;

  const shown = useMemo(() => {
    const there = ({ click }) => !click || document.querySelector(click); // what the page lacks at this moment is no command of it
    const own = { label: "Aller à", options: turn ? commands.filter((command) => there(command) && (!asked || named(command, plain(asked)))) : [] };
    const found = pending || !asked ? [] : groups;
    return [...found.filter((group) => !group.late), own, ...found.filter((group) => group.late)].filter((group) => group.options.length);
  }, [asked, pending, commands, groups, turn]);
  const options = shown.flatMap((group) => group.options);
  const current = Math.min(at, options.length - 1);
  const optionId = (index) => `${id}-option-${index}`;

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current, shown]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!pending) { setWaiting(false); return undefined; }
    const late = setTimeout(() => setWaiting(true), PATIENT_MS);
    return () => clearTimeout(late);
  }, [pending]);
  useEffect(() => {
    if (pending || !early.current) return;
    early.current = false;
    pick(options[0]);
  });

  const ask = (text) => {
    setQuery(text);
    setAt(0);
    early.current = false;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onQuery?.(text.trim()), ASK_AFTER_MS);
  };
  const close = () => document.getElementById(id)?.close();
  const pick = (option) => {
    if (!option) return;
    close();
    if (option.href) navigate(option.href);
    else if (option.click) document.querySelector(option.click)?.click();
    else onPick?.(option.id);
  };
  const pressed = (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && options.length) {
      event.preventDefault();
      setAt((current + moves[event.key] + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (pending && current <= 0) early.current = true;
      else pick(options[current]);
    }
  };
  const found = options.filter((option) => option.id !== "nouveau").length; // what only offers to create was not found
  const count = waiting ? "Recherche en cours…" : pending ? "" : found === 0 ? "Aucun résultat" : found === 1 ? "1 résultat" : `${found} résultats`;

  let index = -1;
  return (
    <Dialog id={id} className="palette" label={label} lightDismiss onClose={() => { setQuery(""); setAt(0); early.current = false; clearTimeout(timer.current); onQuery?.(""); }}>
      <div className="palette-head">
        <svg className="icon" aria-hidden="true"><use href="/icons.svg#search" /></svg>
        <input
          ref={input} className="palette-input" data-autofocus type="text" role="combobox" autoComplete="off" spellCheck={false}
          aria-label={label} aria-expanded="true" aria-autocomplete="list" aria-controls={`${id}-list`}
          aria-activedescendant={options.length ? optionId(current) : undefined}
          placeholder={placeholder} value={query} onChange={(event) => ask(event.target.value)} onKeyDown={pressed} onFocus={() => setTurn((before) => before + 1)}
        />
        <button type="button" className="palette-close" data-closes="" aria-label="Échap, fermer la recherche">
          <kbd>Échap</kbd>
          <svg className="icon icon-large" aria-hidden="true"><use href="/icons.svg#x" /></svg>
        </button>
      </div>
      <div className="palette-list" id={`${id}-list`} ref={list} role="listbox" aria-label="Résultats" aria-busy={waiting ? true : undefined}>
        {shown.map((group, number) => (
          <div key={group.label} role="group" aria-labelledby={`${id}-group-${number}`}>
            <div className="label group-label" id={`${id}-group-${number}`}>{group.label}</div>
            {group.options.map((option) => {
              index += 1;
              const mine = index;
              return <Option key={option.id} id={optionId(mine)} option={option} query={query.trim()} selected={mine === current} onPick={() => pick(option)} />;
            })}
          </div>
        ))}
      </div>
      {options.length === 0 ? <p className="palette-none">{pending ? (waiting ? "Recherche en cours…" : "") : `Rien ne correspond à « ${query.trim()} ».`}</p> : null}
      <div className="palette-foot">
        <span><kbd>↑</kbd><kbd>↓</kbd>parcourir</span>
        <span><kbd>Entrée</kbd>ouvrir</span>
        {hint ? <span>{hint}</span> : null}
        <span className="push" role="status">{count}</span>
      </div>
    </Dialog>
  );
}
