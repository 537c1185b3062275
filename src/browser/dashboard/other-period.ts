// What lists are compared with: what is over of their period, and the same part of another one.
import type { Row } from './answers.js';
import type { Lists, ListsBefore } from './ask.js';
import { partName } from './change.js';
import type { ListView } from './lists.js';
import { type Change, viewsAndVisitors } from './rows.js';

/** The same list of both parts; undefined where nothing is compared. */
export function changeOf<Name extends keyof Lists, Kind extends Row>(
  before: ListsBefore | undefined,
  name: Name,
  list: (report: Lists[Name]) => readonly Kind[],
): Change<Kind> | undefined {
  return (
    before && {
      nowName: partName(before.here),
      beforeName: partName(before.there),
      now: list(before.now[name]),
      before: list(before.before[name]),
    }
  );
}

/** Makes lists of a report's views and visitors, each with its change: all are taken out by the same function. */
export function listsOf<Name extends keyof Lists>(before: ListsBefore | undefined, name: Name, report: Lists[Name]) {
  return <Kind extends Row>(
    list: (report: Lists[Name]) => readonly Kind[],
    total: number,
    label: (row: Kind) => Node,
    innerOf?: (row: Kind) => readonly Row[],
  ): ListView => viewsAndVisitors(list(report), total, label, changeOf(before, name, list), innerOf);
}
