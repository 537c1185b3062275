// What a restore changes about people.

/** What is over within a day. */
const SHORT_LIVED = ['reset', 'newEmail', 'pendingSignIns', 'proposedIdentity'];

/**
 * The record of a person, without sessions, pending or not, and without links that were sent. A backup may be old:
 * somebody may have ended a session since then because another person had the device, and a restore must not begin it again.
 */
export function endedSessions(value: object): object {
  const lasting = Object.entries(value).filter(([field]) => !SHORT_LIVED.includes(field));
  return { ...Object.fromEntries(lasting), sessions: [] };
}
