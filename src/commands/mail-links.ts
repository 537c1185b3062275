// Links that are printed, and sent by mail as well.
import type { Mail } from '../mail/mailer.js';
import { composeMailer } from '../process/compose.js';
import { publicUrlOf } from '../process/config.js';
import { mailSettingsOf } from '../process/mail-config.js';
import { linkPrinter } from './link-printer.js';

export interface Links {
  /** Why no mail can be sent; `undefined` if mails can be sent. */
  readonly noMail: string | undefined;
  print(path: string): void;
  /**
   * Returns whether the mail was sent, and says so. `mailWith` receives the public address. Without SMTP_URL, nothing happens.
   */
  mail(mailWith: (publicUrl: string) => Mail): Promise<boolean>;
}

/** Throws an Error if the environment has mistakes, so call it before something is changed. */
export function openLinks(): Links {
  const print = linkPrinter();
  const publicUrl = publicUrlOf(process.env);
  const mailer = composeMailer(mailSettingsOf(process.env), say);
  const noMail =
    mailer === undefined
      ? 'SMTP_URL and MAIL_FROM are not set; set them as for the service'
      : publicUrl === undefined
        ? 'PUBLIC_URL is not set; set it as for the service'
        : undefined;
  return {
    noMail,
    print,
    async mail(mailWith) {
      if (mailer === undefined) return false;
      if (publicUrl === undefined) {
        say(`no mail was sent: ${noMail}`);
        return false;
      }
      const mail = mailWith(publicUrl);
      const isSent = await mailer.send(mail);
      if (isSent) say(`a mail was sent to ${mail.to}`);
      return isSent;
    },
  };
}

function say(line: string): void {
  process.stderr.write(`hitherto: ${line}\n`);
}
