// The period that is compared with, as far as lists are beside it.
import type { Comparison, Shown } from './address.js';
import type { Range, Row, Traffic } from './answers.js';
import { comparedName, comparedOf } from './change.js';
import type { ListView } from './lists.js';
import { type Other, viewsAndVisitors } from './rows.js';

export interface OtherPeriod {
  readonly name: string;
  readonly shown: Shown;
}

/** Undefined where nothing is compared. */
export function otherPeriod(shown: Shown, comparison: Comparison, { compared }: Traffic): OtherPeriod | undefined {
  return comparison === 'nothing' || compared === undefined
    ? undefined
    : { name: comparedName(shown, comparison, compared), shown };
}

/** The same list of the other period; undefined where there is none, or it is not kept as finely as asked for. */
export function listBefore<Body extends Range, Kind extends Row>(
  period: OtherPeriod | undefined,
  report: { readonly compared?: Body },
  list: (body: Body) => readonly Kind[],
): Other<Kind> | undefined {
  const body = period && comparedOf(period.shown, report);
  return body && { name: period.name, rows: list(body) };
}

/** Makes lists of a report's views and visitors, each beside the same one of the other period: both are taken out by the same function. */
export function listsOf<Body extends Range>(
  period: OtherPeriod | undefined,
  report: NoInfer<Body> & { readonly compared?: Body },
) {
  return <Kind extends Row>(
    list: (body: Body) => readonly Kind[],
    total: number,
    label: (row: Kind) => Node,
    innerOf?: (row: Kind) => readonly Row[],
  ): ListView => viewsAndVisitors(list(report), total, label, listBefore(period, report, list), innerOf);
}
