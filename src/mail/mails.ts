// The mails that are sent, as plain text. Subjects are always the same; see mailer.ts.
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

export function invitationMail({ email, invitedBy, titles, teamNames = [], untilMs }: InvitationToMail, link: string): Mail {
  const what =
    titles.length > 0
      ? `see the web statistics of ${listed(titles)}`
      : teamNames.length > 0
        ? `join the team ${listed(teamNames)} in a service for web statistics`
        : 'use a service for web statistics';
  return {
    to: email,
    subject: 'Invitation to web statistics',
    text: paragraphs(
      'Hello,',
      `${quoted(invitedBy)} invites you to ${what}.`,
      `To accept, open this link. It works once, until ${utcMinute(untilMs)}.`,
      link,
      'If you do not know who invites you, ignore this mail. Then nothing happens.',
    ),
  };
}

export function newPasswordMail({ name, email }: Recipient, link: string, hours: number): Mail {
  return {
    to: email,
    subject: 'Choose a new password',
    text: paragraphs(
      `Hello ${plain(name)},`,
      'Somebody has asked for a new password for your account. If it was you, open this link and choose one. It works once, ' +
        `for ${hours} hours, and replaces earlier links.`,
      link,
      'If it was not you, ignore this mail. Your password does not change. Do not pass the link on to anybody.',
    ),
  };
}

/** Instead of the one above, to a person who signs in through the provider: the provider decides who may. */
export function noPasswordMail({ name, email }: Recipient, publicUrl: string): Mail {
  return {
    to: email,
    subject: 'Your account has no password',
    text: paragraphs(
      `Hello ${plain(name)},`,
      'Somebody has asked for a new password for your account. But it has none: you sign in with the button on this page, ' +
        'through the service where you have a password.',
      `${publicUrl}/`,
      'Once you are signed in, you can choose a password on the page Account. If there is no such button any more, ask the ' +
        'person who runs the service.',
    ),
  };
}

export function confirmEmailMail({ name }: Pick<Person, 'name'>, newEmail: string, link: string, hours: number): Mail {
  return {
    to: newEmail,
    subject: 'Confirm your new e-mail address',
    text: paragraphs(
      `Hello ${plain(name)},`,
      `You want to sign in with the address ${newEmail} from now on. To confirm it, sign in as before, and open this link. It ` +
        `works for ${hours} hours.`,
      link,
      'If this was not you, ignore this mail. Then nothing happens.',
    ),
  };
}

/** To the former address. */
export function emailChangedMail({ name, email }: Recipient, newEmail: string, publicUrl: string): Mail {
  return {
    to: email,
    subject: 'Your e-mail address was changed',
    text: paragraphs(
      `Hello ${plain(name)},`,
      `The address of your account at ${publicUrl} was changed to ${newEmail}. You no longer sign in with ${email}.`,
      'If this was not you, tell the person who runs the service at once.',
    ),
  };
}

export function passwordChangedMail({ name, email }: Recipient, publicUrl: string): Mail {
  return {
    to: email,
    subject: 'Your password was changed',
    text: paragraphs(
      `Hello ${plain(name)},`,
      `The password of your account at ${publicUrl} was changed, and all other sessions ended.`,
      `If this was not you, choose a new password now: ${publicUrl}/passwords`,
    ),
  };
}

/** `host`: of the provider. */
export function providerLinkedMail({ name, email }: Recipient, host: string, publicUrl: string): Mail {
  return {
    to: email,
    subject: 'Another way to sign in was added',
    text: paragraphs(
      `Hello ${plain(name)},`,
      `You can now sign in to your account at ${publicUrl} through ${host} as well.`,
      `If this was not you, unlink it at ${publicUrl}/account, and choose a new password.`,
    ),
  };
}

export function passkeyAddedMail({ name, email }: Recipient, publicUrl: string): Mail {
  return {
    to: email,
    subject: 'A passkey was added',
    text: paragraphs(
      `Hello ${plain(name)},`,
      `A passkey was added to your account at ${publicUrl}. The person who has it can sign in without your password.`,
      `If this was not you, remove it at ${publicUrl}/account, and choose a new password.`,
    ),
  };
}

export function passkeysRemovedMail({ name, email }: Recipient, publicUrl: string): Mail {
  return {
    to: email,
    subject: 'A passkey was removed',
    text: paragraphs(
      `Hello ${plain(name)},`,
      `At least one passkey was removed from your account at ${publicUrl}. Nobody can sign in with it any more.`,
      `If neither you nor the person who runs the service did this, choose a new password: ${publicUrl}/passwords`,
    ),
  };
}

export function twoStepOffMail({ name, email }: Recipient, publicUrl: string): Mail {
  return {
    to: email,
    subject: 'Two-step sign-in was switched off',
    text: paragraphs(
      `Hello ${plain(name)},`,
      `Two-step sign-in was switched off for your account at ${publicUrl}. Your password is enough to sign in now.`,
      'If neither you nor the person who runs the service did this, change your password, and switch two-step sign-in on ' +
        `again: ${publicUrl}/account`,
    ),
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

function quoted(text: string): string {
  return `“${plain(text)}”`;
}

function listed(titles: readonly string[]): string {
  return titles.map(quoted).join(', ');
}

function utcMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
