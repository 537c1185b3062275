// The mails that are sent, as plain text. Subjects are always the same; see mailer.ts.
import { asTime } from '../language/formats.js';
import type { InEach, Text } from '../language/languages.js';
import type { Person } from '../people/person.js';
import type { Mail } from './mailer.js';

export interface InvitationToMail {
  readonly email: string;
  /** A person, a site, or the operator. */
  readonly invitedBy: string;
  /** Of the sites that the person is invited to. */
  readonly titles: readonly string[];
  /** The names of its teams. Absent: none. */
  readonly teamNames?: readonly string[];
  readonly untilMs: number;
}

type Recipient = Pick<Person, 'name' | 'email'>;

/** A mail in every language: the one who sends it chooses that of the recipient. */
export type Mails = InEach<Mail>;

export function invitationMail({ email, invitedBy, titles, teamNames = [], untilMs }: InvitationToMail, link: string): Mails {
  const [by, sites, teams, until] = [quoted(invitedBy), titles.map(quoted), teamNames.map(quoted), asTime(untilMs)];
  const [what, whatInGerman] =
    sites.length > 0
      ? [`see the web statistics of ${listed(sites).en}`, `die Webstatistik von ${listed(sites).de} zu sehen`]
      : teams.length > 0
        ? [
            `join the team ${listed(teams).en} in a service for web statistics`,
            `dem Team ${listed(teams).de} in einem Dienst für Webstatistik beizutreten`,
          ]
        : ['use a service for web statistics', 'einen Dienst für Webstatistik zu benutzen'];
  return {
    en: {
      to: email,
      subject: 'Invitation to web statistics',
      text: paragraphs(
        'Hello,',
        `${by.en} invites you to ${what}.`,
        `To accept, open this link. It works once, until ${until('en')}.`,
        link,
        'If you do not know who invites you, ignore this mail. Then nothing happens.',
      ),
    },
    de: {
      to: email,
      subject: 'Einladung zu einer Webstatistik',
      text: paragraphs(
        'Guten Tag,',
        `${by.de} lädt Sie ein, ${whatInGerman}.`,
        `Um die Einladung anzunehmen, öffnen Sie diesen Link. Er funktioniert nur einmal, bis ${until('de')}.`,
        link,
        'Wenn Sie nicht wissen, wer Sie einlädt, ignorieren Sie diese Mail. Dann geschieht nichts.',
      ),
    },
  };
}

export function newPasswordMail(to: Recipient, link: string, hours: number): Mails {
  return mailTo(to, {
    en: {
      subject: 'Choose a new password',
      texts: [
        'Somebody has asked for a new password for your account. If it was you, open this link and choose one. It works once, ' +
          `for ${hours} hours, and replaces earlier links.`,
        link,
        'If it was not you, ignore this mail. Your password does not change. Do not pass the link on to anybody.',
      ],
    },
    de: {
      subject: 'Wählen Sie ein neues Passwort',
      texts: [
        'Jemand hat ein neues Passwort für Ihr Konto angefordert. Wenn Sie es waren, öffnen Sie diesen Link, und wählen Sie ' +
          `eines. Er funktioniert nur einmal, innerhalb von ${hours} Stunden, und ersetzt frühere Links.`,
        link,
        'Wenn Sie es nicht waren, ignorieren Sie diese Mail. Ihr Passwort ändert sich nicht. Geben Sie den Link nicht weiter.',
      ],
    },
  });
}

/** Instead of the one above, to a person who signs in through the provider: the provider decides who may. */
export function noPasswordMail(to: Recipient, publicUrl: string): Mails {
  return mailTo(to, {
    en: {
      subject: 'Your account has no password',
      texts: [
        'Somebody has asked for a new password for your account. But it has none: you sign in with the button on this page, ' +
          'through the service where you have a password.',
        `${publicUrl}/`,
        'Once you are signed in, you can choose a password on the page Account. If there is no such button any more, ask the ' +
          'person who runs the service.',
      ],
    },
    de: {
      subject: 'Ihr Konto hat kein Passwort',
      texts: [
        'Jemand hat ein neues Passwort für Ihr Konto angefordert. Es hat aber keines: Sie melden sich mit der Schaltfläche auf ' +
          'dieser Seite an, über den Dienst, bei dem Sie ein Passwort haben.',
        `${publicUrl}/`,
        'Wenn Sie angemeldet sind, können Sie auf der Seite „Konto“ ein Passwort wählen. Wenn es die Schaltfläche nicht mehr ' +
          'gibt, fragen Sie die Person, die den Dienst betreibt.',
      ],
    },
  });
}

export function confirmEmailMail({ name }: Pick<Person, 'name'>, newEmail: string, link: string, hours: number): Mails {
  return mailTo(
    { name, email: newEmail },
    {
      en: {
        subject: 'Confirm your new e-mail address',
        texts: [
          `You want to sign in with the address ${newEmail} from now on. To confirm it, sign in as before, and open this ` +
            `link. It works for ${hours} hours.`,
          link,
          'If this was not you, ignore this mail. Then nothing happens.',
        ],
      },
      de: {
        subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
        texts: [
          `Sie möchten sich künftig mit der Adresse ${newEmail} anmelden. Um sie zu bestätigen, melden Sie sich an wie bisher, ` +
            `und öffnen Sie diesen Link. Er gilt ${hours} Stunden lang.`,
          link,
          'Wenn Sie das nicht waren, ignorieren Sie diese Mail. Dann geschieht nichts.',
        ],
      },
    },
  );
}

/** To the former address. */
export function emailChangedMail(to: Recipient, newEmail: string, publicUrl: string): Mails {
  return mailTo(to, {
    en: {
      subject: 'Your e-mail address was changed',
      texts: [
        `The address of your account at ${publicUrl} was changed to ${newEmail}. You no longer sign in with ${to.email}.`,
        'If this was not you, tell the person who runs the service at once.',
      ],
    },
    de: {
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      texts: [
        `Die Adresse Ihres Kontos bei ${publicUrl} wurde in ${newEmail} geändert. Mit ${to.email} melden Sie sich nicht mehr an.`,
        'Wenn Sie das nicht waren, informieren Sie sofort die Person, die den Dienst betreibt.',
      ],
    },
  });
}

export function passwordChangedMail(to: Recipient, publicUrl: string): Mails {
  return mailTo(to, {
    en: {
      subject: 'Your password was changed',
      texts: [
        `The password of your account at ${publicUrl} was changed, and all other sessions ended.`,
        `If this was not you, choose a new password now: ${publicUrl}/passwords`,
      ],
    },
    de: {
      subject: 'Ihr Passwort wurde geändert',
      texts: [
        `Das Passwort Ihres Kontos bei ${publicUrl} wurde geändert, und alle anderen Sitzungen sind beendet.`,
        `Wenn Sie das nicht waren, wählen Sie jetzt ein neues Passwort: ${publicUrl}/passwords`,
      ],
    },
  });
}

/** `host`: of the provider. */
export function providerLinkedMail(to: Recipient, host: string, publicUrl: string): Mails {
  return mailTo(to, {
    en: {
      subject: 'Another way to sign in was added',
      texts: [
        `You can now sign in to your account at ${publicUrl} through ${host} as well.`,
        `If this was not you, unlink it at ${publicUrl}/account, and choose a new password.`,
      ],
    },
    de: {
      subject: 'Eine weitere Art der Anmeldung wurde hinzugefügt',
      texts: [
        `Sie können sich jetzt auch über ${host} an Ihrem Konto bei ${publicUrl} anmelden.`,
        `Wenn Sie das nicht waren, trennen Sie die Verknüpfung auf ${publicUrl}/account, und wählen Sie ein neues Passwort.`,
      ],
    },
  });
}

export function passkeyAddedMail(to: Recipient, publicUrl: string): Mails {
  return mailTo(to, {
    en: {
      subject: 'A passkey was added',
      texts: [
        `A passkey was added to your account at ${publicUrl}. The person who has it can sign in without your password.`,
        `If this was not you, remove it at ${publicUrl}/account, and choose a new password.`,
      ],
    },
    de: {
      subject: 'Ein Passkey wurde hinzugefügt',
      texts: [
        `Ihrem Konto bei ${publicUrl} wurde ein Passkey hinzugefügt. Wer ihn hat, kann sich ohne Ihr Passwort anmelden.`,
        `Wenn Sie das nicht waren, entfernen Sie ihn auf ${publicUrl}/account, und wählen Sie ein neues Passwort.`,
      ],
    },
  });
}

export function passkeysRemovedMail(to: Recipient, publicUrl: string): Mails {
  return mailTo(to, {
    en: {
      subject: 'A passkey was removed',
      texts: [
        `At least one passkey was removed from your account at ${publicUrl}. Nobody can sign in with it any more.`,
        `If neither you nor the person who runs the service did this, choose a new password: ${publicUrl}/passwords`,
      ],
    },
    de: {
      subject: 'Ein Passkey wurde entfernt',
      texts: [
        `Aus Ihrem Konto bei ${publicUrl} wurde mindestens ein Passkey entfernt. Niemand kann sich mehr damit anmelden.`,
        'Wenn das weder Sie noch die Person waren, die den Dienst betreibt, wählen Sie ein neues Passwort: ' +
          `${publicUrl}/passwords`,
      ],
    },
  });
}

export function twoStepOffMail(to: Recipient, publicUrl: string): Mails {
  return mailTo(to, {
    en: {
      subject: 'Two-step sign-in was switched off',
      texts: [
        `Two-step sign-in was switched off for your account at ${publicUrl}. Your password is enough to sign in now.`,
        'If neither you nor the person who runs the service did this, change your password, and switch two-step sign-in on ' +
          `again: ${publicUrl}/account`,
      ],
    },
    de: {
      subject: 'Die Anmeldung in zwei Schritten wurde ausgeschaltet',
      texts: [
        `Die Anmeldung in zwei Schritten wurde für Ihr Konto bei ${publicUrl} ausgeschaltet. Jetzt genügt Ihr Passwort.`,
        'Wenn das weder Sie noch die Person waren, die den Dienst betreibt, ändern Sie Ihr Passwort, und schalten Sie die ' +
          `Anmeldung in zwei Schritten wieder ein: ${publicUrl}/account`,
      ],
    },
  });
}

interface Written {
  readonly subject: string;
  /** After the greeting. */
  readonly texts: readonly string[];
}

function mailTo({ name, email }: Recipient, { en, de }: InEach<Written>): Mails {
  return {
    en: { to: email, subject: en.subject, text: paragraphs(`Hello ${plain(name)},`, ...en.texts) },
    de: { to: email, subject: de.subject, text: paragraphs(`Guten Tag ${plain(name)},`, ...de.texts) },
  };
}

function paragraphs(...texts: readonly string[]): string {
  return `${texts.join('\n\n')}\n`;
}

const PLAIN_CHARACTERS_MAX = 100;

/**
 * What somebody has typed, within a line. Mail programs turn addresses of web pages into links, and strangers could advertise
 * theirs with an invitation, so these are taken apart.
 */
function plain(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return [...line.replaceAll(/:\/\/|\bwww\./gi, (start) => `${start} `)].slice(0, PLAIN_CHARACTERS_MAX).join('');
}

function quoted(text: string): Text {
  return { en: `“${plain(text)}”`, de: `„${plain(text)}“` };
}

function listed(names: readonly Text[]): Text {
  return { en: names.map(({ en }) => en).join(', '), de: names.map(({ de }) => de).join(', ') };
}
