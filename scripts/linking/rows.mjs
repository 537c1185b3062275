// What an attacker learns from rows of the journal.

/** The knowledge in rows: see attack.mjs. */
export function knowledgeIn(lines) {
  const views = [];
  const pairs = new Map();
  for (const line of lines) {
    const f = line.split('\t');
    if (f[0] === 'v') views.push({ path: f[5], technology: f[8], moment: Number(f[2]), visitor: f[9] });
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
