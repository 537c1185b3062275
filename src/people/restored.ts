// What a restore changes about people.

/**
 * The record of a person, without sessions, pending or not, and without a link for a new password. A backup may be old:
 * somebody may have ended a session since then because another person had the device, and a restore must not begin it again.
 */
export function endedSessions(value: object): object {
  const { reset: _, pendingSignIns: __, ...rest } = value as { readonly reset?: unknown; readonly pendingSignIns?: unknown };
  return { ...rest, sessions: [] };
}
