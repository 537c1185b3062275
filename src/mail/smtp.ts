// Sends mail through an SMTP server, with nodemailer.
import type { Transporter } from 'nodemailer';
import { checkPerson } from '../people/person.js';
import { createTurns } from '../system/turns.js';
import type { Mail, Mailer } from './mailer.js';
import type { MailSettings } from './settings.js';

/** Some servers let a client wait on purpose, but not for that long. */
const SEND_MS_MAX = 30_000;
/** Many servers accept only some connections from one client. */
const AT_ONCE = 5;
/** With those that wait for a connection. More come in only while the server hangs. */
const UNDER_WAY_MAX = 200;
const REASON_CHARACTERS_MAX = 300;

/** `log` receives one line about each mail that could not be sent. */
export function createSmtpMailer(settings: MailSettings, log: (line: string) => void, sendMsMax = SEND_MS_MAX): Mailer {
  const underWay = new Map<Promise<unknown>, AbortController>();
  const inTurn = createTurns(AT_ONCE);
  /** Made when it is first needed, because most processes send no mail. */
  let transport: Promise<Transporter> | undefined;

  const deliver = async (mail: Mail, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    // otherwise nodemailer would look for addresses in the text
    if ('problems' in checkPerson({ email: mail.to })) throw new Error('the address is not valid');
    transport ??= openTransport(settings);
    await (await transport).sendMail({ ...messageOf(mail, settings), signal });
  };

  return {
    async send(mail) {
      const failed = (reason: string): false => {
        log(`the mail "${mail.subject}" could not be sent: ${reason}`);
        return false;
      };
      if (underWay.size >= UNDER_WAY_MAX) return failed('too many mails are being sent');
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), sendMsMax);
      const sending = inTurn(() => deliver(mail, abort.signal)).then(
        () => true,
        (error: unknown) => failed(abort.signal.aborted ? 'the mail server took too long' : reasonOf(error, settings)),
      );
      underWay.set(sending, abort);
      const isSent = await sending;
      clearTimeout(timer);
      underWay.delete(sending);
      return isSent;
    },
    async close(timeoutMs) {
      const timer = setTimeout(() => {
        for (const abort of underWay.values()) abort.abort();
      }, timeoutMs);
      await Promise.all(underWay.keys());
      clearTimeout(timer);
    },
  };
}

async function openTransport({ server: { host, port, tls, login } }: MailSettings): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure: tls === 'from-start',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    ...(login !== undefined && { auth: { user: login.user, pass: login.password } }),
    // a server that is not reached or does not answer is reported as such before the whole time is over
    connectionTimeout: SEND_MS_MAX / 2,
    greetingTimeout: SEND_MS_MAX / 2,
    socketTimeout: SEND_MS_MAX / 2,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function messageOf({ to, subject, text }: Mail, { from }: MailSettings) {
  return {
    from: { name: from.name, address: from.address },
    to: { name: '', address: to },
    envelope: { from: from.address, to },
    subject,
    text,
    // keeps links of any length in one piece
    textEncoding: 'quoted-printable',
    // tells other programs not to answer, such as that somebody is on holiday
    headers: { 'Auto-Submitted': 'auto-generated' },
  } as const;
}

/** Servers repeat in their answers what they were sent: parts of the mail, or of the login. */
function reasonOf(error: unknown, { server: { login } }: MailSettings): string {
  let reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
  if (login !== undefined) {
    const { user, password } = login;
    const encoded = [password, `\0${user}\0${password}`].map((text) => Buffer.from(text).toString('base64'));
    for (const secret of [password, ...encoded]) reason = reason.replaceAll(secret, '…');
  }
  return reason
    .replace(/^Error: /, '')
    .replaceAll(/\w+:\/\/\S+/g, '…')
    .replaceAll(/[\w+/=-]{40,}/g, '…')
    .slice(0, REASON_CHARACTERS_MAX);
}
