import { useEffect, useId, useRef } from "react";

/** In the order of the fields on the page, whatever order they were checked in; what has no field there comes first. */
function inOrder(errors) {
  const places = new Map(errors.map(({ field }) => [field, document.getElementById(field)]));
  const after = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING;
  return [...errors].sort((a, b) => {
    const [one, other] = [places.get(a.field), places.get(b.field)];
    if (one === other) return 0;
    return !one || (other && !after(one, other)) ? -1 : 1;
  });
}

/** What must be corrected, on top of a form; takes the focus each time the form is refused, each line leads to its field. */
export function ErrorSummary({ title, errors = [] }) {
  const element = useRef(null);
  const heading = useId();
  const signature = errors.map((error) => `${error.field}:${error.message}:${error.mark}`).join("\n");
  useEffect(() => { if (signature) element.current?.focus(); }, [signature]);
  if (!errors.length) return null;
  const go = (event, field) => {
    const target = document.getElementById(field);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.scrollIntoView({ block: "center" });
  };
  return (
    <div ref={element} className="error-summary" role="group" aria-labelledby={heading} tabIndex={-1}>
      <h2 id={heading}>{title}</h2>
      <ul>
        {inOrder(errors).map((error) => (
          <li key={error.field + error.message}><a href={`#${error.field}`} onClick={(event) => go(event, error.field)}>{error.message}</a></li>
        ))}
      </ul>
    </div>
  );
}
