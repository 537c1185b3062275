// The settings of mail in the environment.
import { z } from 'zod';
import { type MailSettings, readSender, readSmtpUrl, type Sender, type SmtpServer, type Wrong } from '../mail/settings.js';

function readBy<Read extends object>(read: (text: string) => Read | Wrong) {
  return z.string().transform((text, context): Read => {
    const result = read(text);
    if (!('problem' in result)) return result;
    context.addIssue(result.problem);
    return z.NEVER;
  });
}

export const smtpUrl = readBy(readSmtpUrl);
export const mailFrom = readBy(readSender);

interface MailVariables {
  readonly SMTP_URL?: SmtpServer | undefined;
  readonly MAIL_FROM?: Sender | undefined;
}

/** `undefined`: no mail is sent. Throws an Error if one of the two is missing. */
export function mailSettings({ SMTP_URL: server, MAIL_FROM: from }: MailVariables): MailSettings | undefined {
  if (server !== undefined && from !== undefined) return { server, from };
  if (server === undefined && from === undefined) return undefined;
  throw new Error(
    server === undefined
      ? 'SMTP_URL: is needed with MAIL_FROM; set both to send mail, or neither'
      : 'MAIL_FROM: is needed with SMTP_URL; it is the sender of all mails, such as stats@example.com',
  );
}

const variables = z.object({ SMTP_URL: smtpUrl.optional(), MAIL_FROM: mailFrom.optional() });

/** For commands. Throws an Error with all mistakes. */
export function mailSettingsOf({ SMTP_URL, MAIL_FROM }: NodeJS.ProcessEnv): MailSettings | undefined {
  const parsed = variables.safeParse({ SMTP_URL: SMTP_URL || undefined, MAIL_FROM: MAIL_FROM || undefined });
  if (parsed.success) return mailSettings(parsed.data);
  throw new Error(parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`).join('; '));
}
