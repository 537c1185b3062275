import type { MemberChange } from '../people/members.js';
import { WebError } from './errors.js';

/** Throws the WebError of a change that was not made. */
export function demandChanged(outcome: MemberChange): void {
  if (outcome === 'unknown') throw new WebError('unknown-member');
  if (outcome === 'last-owner') throw new WebError('last-owner');
}
