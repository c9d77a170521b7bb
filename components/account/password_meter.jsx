import { useEffect, useState } from "react";

/** How strong a password is, by the power of ten of the guesses that it takes; the server refuses what takes fewer than `enough`. */
const LEVELS = [
  { from: 0, value: 1, said: "Trop facile à deviner" },
  { from: 6, value: 2, said: "Encore trop facile\u00a0: ajoutez un ou deux mots" },
  { from: 8.5, value: 3, said: "Bon mot de passe" },
  { from: 11, value: 4, said: "Excellent mot de passe" },
];
const SHORTEST = 12;
const LOOKED_AT = 72;

let loading;

/** The library and the words that passwords are made of, fetched once, when somebody begins to choose one. */
function estimator() {
  loading ??= Promise.all([import("@zxcvbn-ts/core"), fetch("/api/password/words").then((answer) => answer.json())]).then(
    ([{ ZxcvbnFactory }, { dictionary, graphs }]) => {
      const lists = Object.fromEntries(Object.entries(dictionary).map(([name, words]) => [name, words.split(" ")]));
      return new ZxcvbnFactory({ dictionary: lists, graphs });
    },
  );
  loading.catch(() => { loading = undefined; });
  return loading;
}

function levelOf(library, password) {
  if (password.length < SHORTEST) {
    const left = SHORTEST - password.length;
    return { value: 1, said: `Encore ${left} caractère${left > 1 ? "s" : ""} au moins` };
  }
  const plain = password.normalize("NFKD").replace(/\p{M}/gu, "").slice(0, LOOKED_AT);
  const { guessesLog10 } = library.check(plain);
  return LEVELS.findLast(({ from }) => guessesLog10 >= from) ?? LEVELS[0];
}

/** Says how strong what is typed in a field is, in words and with a bar. What is typed stays in the browser. */
export function PasswordMeter({ controls }) {
  const [level, setLevel] = useState(null);
  useEffect(() => {
    const field = document.getElementById(controls);
    if (!field) return undefined;
    let timer;
    const weigh = async () => {
      const password = field.value;
      if (!password) { setLevel(null); return; }
      try {
        const library = await estimator();
        if (field.value === password) setLevel(levelOf(library, password));
      } catch {
        setLevel(null); // without the words, the server's answer will do
      }
    };
    const typed = () => { clearTimeout(timer); timer = setTimeout(weigh, 200); };
    field.addEventListener("input", typed);
    return () => { clearTimeout(timer); field.removeEventListener("input", typed); };
  }, [controls]);
  return (
    <div className="row small" role="status">
      {level ? (
        <>
          <meter min="0" max="4" low="2.5" high="2.9" optimum="4" value={level.value} aria-hidden="true" />
          <span>{level.said}</span>
        </>
      ) : null}
    </div>
  );
}
