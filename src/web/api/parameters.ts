// Which parameters a call takes. One that it does not take is refused: ignored, it would look as if it had been heeded.
import { closestMatch } from 'leven';
import { WebError } from '../errors.js';

/** A name that is not like this is not repeated: it may be anything. */
const PLAIN_NAME = /^[\w.[\]$-]{1,40}$/;
const DISTANCE_MAX = 2;

/** `what` is the call, as a sentence names it: `the content report`. Throws a WebError that names the first parameter that is wrong. */
export function checkParameters(query: Readonly<Record<string, unknown>>, taken: readonly string[], what: string): void {
  for (const [name, value] of Object.entries(query)) {
    if (!taken.includes(name)) throw unknownParameter(name, taken, what);
    if (Array.isArray(value)) throw wrong(name, 'was given more than once; give it once');
  }
}

export function wrong(field: string, what: string): WebError {
  return new WebError('bad-request', `"${field}" ${what}.`, field);
}

function unknownParameter(name: string, taken: readonly string[], what: string): WebError {
  const takes = `${what}, which takes ${taken.length === 0 ? 'none' : taken.join(', ')}.`;
  if (!PLAIN_NAME.test(name)) return new WebError('bad-request', `There is a parameter that does not exist for ${takes}`);
  const maxDistance = Math.min(DISTANCE_MAX, Math.floor(name.length / 2));
  const nearest = closestMatch(name.toLowerCase(), taken, { maxDistance });
  const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return new WebError('bad-request', `"${name}" is not a parameter of ${takes}${guess}`, name);
}
