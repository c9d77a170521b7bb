/** What the calendar computes: places of visits, free time, words for hours. No page, no network: tried by tests on their own. */

export const STEP = 5;

/** "8 h 05", as French clocks are read. */
export const clock = (minute) => `${Math.floor(minute / 60)}\u00a0h\u00a0${String(minute % 60).padStart(2, "0")}`;

/** "20 min", "1 h", "1 h 30". */
export function span(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return `${rest}\u00a0min`;
  return rest ? `${hours}\u00a0h\u00a0${String(rest).padStart(2, "0")}` : `${hours}\u00a0h`;
}

export const snap = (minute, step = STEP) => Math.round(minute / step) * step;

const DAYS = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];
const MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

/** A date of the calendar, at noon so that no clock change moves it. */
export const dateOf = (iso) => new Date(`${iso}T12:00:00`);
export const isoOf = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
export const monthName = (date) => `${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
export const longDay = (iso) => {
  const date = dateOf(iso);
  return `${DAYS[date.getDay()]} ${date.getDate() === 1 ? "1er" : date.getDate()} ${MONTHS[date.getMonth()]}`;
};

/** The weeks of a month, Monday first, whole: each day as {iso, other}. */
export function weeksOf(year, month) {
  const first = new Date(year, month, 1, 12);
  const start = new Date(year, month, 1 - ((first.getDay() + 6) % 7), 12);
  const weeks = [];
  for (let week = 0; week < 6; week += 1) {
    const days = [...Array(7)].map((_, day) => {
      const date = new Date(start.getFullYear(), start.getMonth(), start.getDate() + week * 7 + day, 12);
      return { iso: isoOf(date), number: date.getDate(), other: date.getMonth() !== month };
    });
    if (days.every((day) => day.other) && week > 0) break;
    weeks.push(days);
  }
  return weeks;
}

/** A family name is looked for, and is short: « Dupont Morel » of « Anne Dupont Morel ». */
export const shortName = (name) => name.slice(name.indexOf(" ") + 1);

export const isActive = (block) => block.status !== "cancelled";
const ends = (block) => block.start + block.length;
export const touches = (one, other) => one.start < ends(other) && other.start < ends(one);

/** Put visits that overlap side by side: each gets a lane among as many as its group needs. */
export function laid(blocks) {
  const sorted = [...blocks].sort((a, b) => a.start - b.start || b.length - a.length || (a.id < b.id ? -1 : 1));
  const placed = [];
  let group = [];
  let until = -Infinity;
  const close = () => {
    const lanes = Math.max(1, ...group.map((item) => item.lane + 1));
    group.forEach((item) => placed.push({ ...item, lanes }));
    group = [];
  };
  for (const block of sorted) {
    if (block.start >= until) {
      close();
      until = -Infinity;
    }
    const taken = new Set(group.filter((item) => ends(item.block) > block.start).map((item) => item.lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    group.push({ block, lane });
    until = Math.max(until, ends(block));
  }
  close();
  return placed;
}

/** What is left of opening hours once visits and the past are taken away: [{start, length, site}], five minutes at least. */
export function gaps(spans, blocks, earliest = 0) {
  const busy = blocks.filter(isActive).sort((a, b) => a.start - b.start);
  const free = [];
  for (const open of spans) {
    let at = Math.max(open.start, Math.ceil(earliest / STEP) * STEP);
    for (const block of busy) {
      if (ends(block) <= at || block.start >= open.end) continue;
      if (block.start > at) free.push({ start: at, length: block.start - at, site: open.site });
      at = Math.max(at, ends(block));
    }
    if (open.end > at) free.push({ start: at, length: open.end - at, site: open.site });
  }
  return free.filter((gap) => gap.length >= STEP);
}

/** Opening hours at a place; everywhere where none is chosen. */
export const openAt = (spans, site) => (site ? spans.filter((open) => open.site === site) : spans);

/** The rest of the day: what opening hours leave, between the first and the last minute shown. */
export function closedTime(spans, from, to) {
  const shut = [];
  let at = from;
  for (const open of [...spans].sort((a, b) => a.start - b.start)) {
    if (open.start > at) shut.push({ start: at, length: open.start - at });
    at = Math.max(at, open.end);
  }
  if (to > at) shut.push({ start: at, length: to - at });
  return shut;
}

/** A day as one band: [{start, end, kind}] without holes, kind being "shut", "free", "held" or "busy"; what lies on top wins. */
export function band(spans, held, busy, from, to) {
  const layers = [["free", spans.map((open) => [open.start, open.end])], ["held", held.map((one) => [one.start, ends(one)])], ["busy", busy.map((one) => [one.start, ends(one)])]];
  const edges = [...new Set([from, to, ...layers.flatMap(([, parts]) => parts.flat())])].filter((edge) => edge >= from && edge <= to).sort((a, b) => a - b);
  const parts = [];
  edges.slice(1).forEach((end, index) => {
    const start = edges[index];
    const kind = layers.reduce((found, [name, some]) => (some.some(([begins, until]) => begins <= start && end <= until) ? name : found), "shut");
    const last = parts[parts.length - 1];
    if (last?.kind === kind) last.end = end;
    else parts.push({ start, end, kind });
  });
  return parts;
}

/** What stands against a visit at a place: "taken", "away", "closed", or nothing. Only a hint: the server decides. */
export function against(place, column, blocks) {
  const others = blocks.filter((block) => block.id !== place.id && isActive(block) && touches(block, place));
  if (others.length) return "taken";
  if (column.away?.some((away) => touches(away, place))) return "away";
  const inside = column.spans.some((open) => open.start <= place.start && place.start + place.length <= open.end);
  return inside ? "" : "closed";
}

/** Join what a page loaded with what came since: of two the later version, of a removal only what is still there. */
export function merged(loaded, changes) {
  const blocks = new Map(loaded.map((block) => [block.id, block]));
  for (const change of changes.values()) {
    const known = blocks.get(change.id);
    if (known && known.version >= change.version) continue;
    if (change.block) blocks.set(change.id, change.block);
    else blocks.delete(change.id);
  }
  return [...blocks.values()];
}

/** Sort visits into columns, by practitioner and day; a column to which nothing happened keeps the very list that it had. */
export function filed(columns, blocks, before) {
  const keys = new Map(columns.map((column) => [`${column.practitioner} ${column.day}`, column.key]));
  const lists = new Map(columns.map((column) => [column.key, []]));
  blocks.forEach((block) => lists.get(keys.get(`${block.practitioner} ${block.day}`))?.push(block));
  for (const [key, list] of lists) {
    const had = before?.get(key);
    if (had?.length === list.length && had.every((block, index) => block === list[index])) lists.set(key, had);
  }
  return lists;
}
