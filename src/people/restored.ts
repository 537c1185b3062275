// What a restore changes about people.
import type { Person } from './person.js';

/**
 * The record of a person, without sessions, pending or not, and without links that were sent. A backup may be old:
 * somebody may have ended a session since then because another person had the device, and a restore must not begin it again.
 */
export function endedSessions(value: object): object {
  const { reset: _, newEmail: __, pendingSignIns: ___, ...rest } = value as Partial<Person>;
  return { ...rest, sessions: [] };
}
