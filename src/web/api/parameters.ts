// The parameters of a call, and the names of the fields in its body. An unknown one is refused: if it were ignored, it
// would seem to have had an effect.
import { closestMatch } from 'leven';
import { type Problem, WebError } from '../errors.js';

/** Other names are not repeated in the message, since they could be anything. */
const PLAIN_NAME = /^[\w.[\]$-]{1,40}$/;
const DISTANCE_MAX = 2;
export const GIVEN_TWICE = 'was given more than once; give it once';

/** Throws a WebError that names the first wrong parameter. `what` names the call in a sentence: `the content report`.
 */
export function checkParameters(query: Readonly<Record<string, unknown>>, taken: readonly string[], what: string): void {
  const problem = parameterProblem(query, taken, what);
  if (problem !== undefined) throw new WebError(problem.code, problem.message, problem.field);
}

export function parameterProblem(
  query: Readonly<Record<string, unknown>>,
  taken: readonly string[],
  what: string,
): Problem | undefined {
  for (const [name, value] of Object.entries(query)) {
    if (!taken.includes(name)) return unknownName('parameter', name, taken, what);
    if (Array.isArray(value)) return wrong(name, GIVEN_TWICE);
  }
  return undefined;
}

/** A value that is not accepted. `what`: the rest of a sentence that begins with the name of the parameter or field. */
export class WrongValue extends WebError {
  constructor(
    override readonly field: string,
    readonly what: string,
  ) {
    super('bad-request', `"${field}" ${what}.`, field);
  }
}

export function wrong(field: string, what: string): WrongValue {
  return new WrongValue(field, what);
}

/** The problem of a parameter or field that does not exist. `what` takes those in `taken`. */
export function unknownName(kind: 'parameter' | 'field', name: string, taken: readonly string[], what: string): Problem {
  const takes = `${what}, which takes ${taken.length === 0 ? 'none' : taken.join(', ')}.`;
  const code = 'bad-request';
  if (!PLAIN_NAME.test(name)) return { code, message: `There is a ${kind} that does not exist for ${takes}` };
  const maxDistance = Math.min(DISTANCE_MAX, Math.floor(name.length / 2));
  const nearest = closestMatch(name.toLowerCase(), taken, { maxDistance });
  const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return { code, message: `"${name}" is not a ${kind} of ${takes}${guess}`, field: name };
}
