import "$/public/styles/agenda.css";
import "$/public/styles/week.css";
import "$/public/styles/requests.css";
import "$/public/styles/reception.css";
import "$/public/styles/series.css";
import "$/public/styles/figures.css";
import "$/public/styles/paper.css";
import "$/public/styles/intake.css";

/** The styles of professionals' screens come with the scripts of those screens: no patient waits for them. */
export function DeskStyles() {
  return null;
}
