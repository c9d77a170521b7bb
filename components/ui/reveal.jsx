/** Shows a password while checked, without a word to the server. */
export function Reveal({ controls, label }) {
  const changed = (event) => {
    const field = document.getElementById(controls);
    if (field) field.type = event.target.checked ? "text" : "password";
  };
  return (
    <label className="check small">
      <input type="checkbox" aria-controls={controls} onChange={changed} />
      <span>{label}</span>
    </label>
  );
}
