// The period that is compared with, as far as lists are beside it.
import type { Comparison, Shown } from './address.js';
import type { Range, Row, Traffic } from './answers.js';
import { comparedName, comparedOf } from './change.js';
import type { Other } from './rows.js';

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

/** Gives the lists of a report in the other period; undefined where there is none, or it is not kept as finely as asked for. */
export function listsOf<Body extends Range>(
  period: OtherPeriod | undefined,
  report: { readonly compared?: Body },
): (<Kind extends Row>(list: (body: Body) => readonly Kind[]) => Other<Kind>) | undefined {
  const body = period && comparedOf(period.shown, report);
  return body && ((list) => ({ name: period.name, rows: list(body) }));
}
