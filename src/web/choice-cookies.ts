// The cookies of what is chosen at the end of a page.
import { DAY_MS } from '../time/units.js';
import { basePathOf } from './base-path.js';

/** How long a choice is stored. */
export const CHOICE_MS = 365 * DAY_MS;

export function choiceCookie(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: basePathOf(publicUrl) || '/', secure: publicUrl.startsWith('https:') } as const;
}
