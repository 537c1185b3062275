// What an attacker learns from rows of the journal.

/** Kind, site, five minutes, day and time. */
const CORE_FIELDS = 5;

/** Where a view's line has its path, technology and visitor. `columns`: the names of its further columns, in order. */
export function fieldsOf(columns) {
  return ['path', 'apart', 'visitor'].map((name) => CORE_FIELDS + columns.indexOf(name));
}

/** The knowledge in rows: see attack.mjs. */
export function knowledgeIn(lines, columns) {
  const [path, technology, visitor] = fieldsOf(columns);
  const views = [];
  const pairs = new Map();
  for (const line of lines) {
    const f = line.split('\t');
    if (f[0] === 'v') views.push({ path: f[path], technology: f[technology], moment: Number(f[2]), visitor: f[visitor] });
    if (f[0] !== 'n') continue;
    const before = pairs.get(f[5]) ?? new Map();
    before.set(f[4], (before.get(f[4]) ?? 0) + Number(f[7] ?? 1));
    pairs.set(f[5], before);
  }
  return { views, pairs };
}

/** The files that contain any of these points as text, as the browser sends them or as version 0.1 stored them. */
export function pointsIn(files, points) {
  const texts = points.flatMap(([register, rank]) => [`${register}.${rank}&`, `\t${register}\t${rank}\n`]);
  return files.filter(({ bytes }) => texts.some((text) => bytes.includes(text))).map(({ path }) => path);
}
