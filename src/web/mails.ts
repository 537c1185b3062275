// Mails to addresses that somebody has entered, who waits for the result.
import { setTimeout as delay } from 'node:timers/promises';
import type { Language } from '../language/languages.js';
import type { Mail } from '../mail/mailer.js';
import { invitationMail } from '../mail/mails.js';
import type { Caller } from './callers.js';
import type { AppParts } from './parts.js';

/** A person who waits for a page should not wait longer for a mail server. */
const WAIT_MS_MAX = 10_000;

/**
 * - `off`: the service sends no mail, or the caller wants none
 * - `too-often`: not sent, because too many were sent to this address or by this caller
 * - `failed`: the mail server has refused it, or does not answer in time
 */
export type Mailed = 'sent' | 'off' | 'too-often' | 'failed';

type MailParts = Pick<AppParts, 'mailer' | 'limits'>;

/** Nobody may use the service to send many mails to people who do not know it. */
export async function mailByCaller({ mailer, limits }: MailParts, caller: Caller, mail: Mail): Promise<Mailed> {
  if (mailer === undefined) return 'off';
  if (!(await limits.take('mail-by', senderOf(caller))).allowed) return 'too-often';
  if (!(await limits.take('mail-to', mail.to)).allowed) return 'too-often';
  const isSent = await Promise.race([mailer.send(mail), delay(WAIT_MS_MAX, false, { ref: false })]);
  return isSent ? 'sent' : 'failed';
}

/**
 * `language`: of the mail, if that of the recipient is not known. `isWanted`: false if the caller sends the link.
 */
export async function mailInvitation(
  { people, accounts, publicUrl, ...parts }: MailParts & Pick<AppParts, 'people' | 'accounts' | 'publicUrl'>,
  caller: Caller,
  secret: string,
  { language, isWanted = true }: { readonly language: Language; readonly isWanted?: boolean | undefined },
): Promise<{ readonly link: string; readonly mailed: Mailed }> {
  const link = `${publicUrl()}/invitations/${secret}`;
  const invitation = people.invitations.find(secret); // somebody may have withdrawn it already
  if (!isWanted || invitation === undefined) return { link, mailed: 'off' };
  const titles = Object.keys(invitation.sites).flatMap((id) => accounts.site(id)?.title ?? []);
  const teamNames = Object.keys(invitation.teams ?? {}).flatMap((id) => people.teams.team(id)?.name ?? []);
  const mails = invitationMail({ ...invitation, titles, teamNames }, link);
  const known = people.directory.byEmail(invitation.email)?.language;
  return { link, mailed: await mailByCaller(parts, caller, mails[known ?? language]) };
}

/** Owners can create token after token, so those of a site share the limit. */
function senderOf({ limitKey = '', token }: Caller): string {
  return token === undefined || token.sites === 'all' ? limitKey : `tokens of ${token.sites}`;
}
