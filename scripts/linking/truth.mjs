// Which row of a file is which view: only whoever has sent them knows.

/**
 * The rows as views, in the order of `sent`, each with the place of the one before it. Those of one page are told
 * apart by whether they begin a visit, and else by the time alone. `sent`: `{ path, visitor, atMs, before }` by time,
 * `before` an object of the same list.
 */
export function joined(sent, rows) {
  const keyOf = ({ path, visitor }) => `${path} ${hasRecord(visitor)} ${isEntry(visitor)}`;
  const byKey = new Map();
  for (const row of [...rows].sort((a, b) => a.moment - b.moment)) byKey.set(keyOf(row), [...(byKey.get(keyOf(row)) ?? []), row]);
  const places = new Map(sent.map((view, place) => [view, place]));
  const views = sent.map((view) => {
    const row = byKey.get(keyOf(view))?.shift();
    if (row === undefined) throw new Error(`a view of ${view.path} is in no file`);
    return {
      ...row,
      before: places.get(view.before),
      hasRecord: hasRecord(row.visitor),
      isEntry: isEntry(row.visitor),
    };
  });
  const left = [...byKey.values()].flat();
  if (left.length > 0) throw new Error(`${left.length} rows of views that were not sent`);
  return views;
}

/** What of a view's flags does not depend on when exactly it came. */
function hasRecord(visitor) {
  return visitor !== '' && visitor !== '-';
}

function isEntry(visitor) {
  return hasRecord(visitor) && (Number(visitor) & 16) !== 0;
}
