// A visitor's point in a sketch: from the browser's record, or from a keyed hash if there is no record.
import { createHmac } from 'node:crypto';
import { pointOf, RANK_MAX, REGISTERS } from '../counters/sketch.js';

/** Reads `register.rank`, as the tracker sends it. Undefined if these are not two numbers in their ranges. */
export function parsePoint(text: string | undefined): { register: number; rank: number } | undefined {
  const match = text === undefined ? null : /^([0-9]{1,4})\.([0-9]{1,2})$/.exec(text);
  if (match === null) return undefined;
  const register = Number(match[1]);
  const rank = Number(match[2]);
  return register < REGISTERS && rank >= 1 && rank <= RANK_MAX ? { register, rank } : undefined;
}

/**
 * Returns the point of a visitor without a record. The salt is random and belongs to one calendar date. The hash includes
 * the site, so that nobody can be followed from one site to another.
 */
export function hashedPoint(
  salt: Buffer,
  site: string,
  addressKey: string,
  userAgent: string,
): { register: number; rank: number } {
  const hash = createHmac('sha256', salt).update(`${site}\0${addressKey}\0${userAgent}`).digest();
  return pointOf(hash.readUInt16LE(0), hash.readUInt32LE(2));
}
