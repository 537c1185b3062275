// Assigns the rows of a file to the views that were sent: only the sender can do that.

/**
 * The rows as views, in the order of `sent`, each with the index of the previous one. Rows of one page are
 * distinguished by whether they begin a visit, and otherwise by time only. `sent`: `{ path, visitor, atMs, before }` in
 * order of time, where `before` is an object of the same list.
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

/** The part of a view's flags that does not depend on its exact time. */
function hasRecord(visitor) {
  return visitor !== '' && visitor !== '-';
}

function isEntry(visitor) {
  return hasRecord(visitor) && (Number(visitor) & 16) !== 0;
}
