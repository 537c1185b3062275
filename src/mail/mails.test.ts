import { describe, expect, it } from '@jest/globals';
import type { Mails } from './mails.js';
import * as all from './mails.js';

const ANNA = { name: 'Anna', email: 'anna@example.com' };
const URL = 'https://stats.example';
const LINK = `${URL}/invitations/secret`;
const INVITED = { email: ANNA.email, invitedBy: 'Olga', titles: [], untilMs: Date.parse('2026-11-30T09:15:00Z') };

const MAILS: Readonly<Record<string, Mails>> = {
  'an invitation': all.invitationMail(INVITED, LINK),
  'an invitation to sites': all.invitationMail({ ...INVITED, titles: ['Garten', 'Mond'] }, LINK),
  'an invitation to a team': all.invitationMail({ ...INVITED, teamNames: ['Blau'] }, LINK),
  'a new password': all.newPasswordMail(ANNA, LINK, 2),
  'no password': all.noPasswordMail(ANNA, URL),
  'a new address': all.confirmEmailMail(ANNA, 'neu@example.com', LINK, 24),
  'a changed address': all.emailChangedMail(ANNA, 'neu@example.com', URL),
  'a changed password': all.passwordChangedMail(ANNA, URL),
  'another way to sign in': all.providerLinkedMail(ANNA, 'login.example', URL),
  'a new passkey': all.passkeyAddedMail(ANNA, URL),
  'a removed passkey': all.passkeysRemovedMail(ANNA, URL),
  'two-step sign-in': all.twoStepOffMail(ANNA, URL),
};

/** Words that texts of any length have in one of the languages only. */
const ENGLISH = /\b(the|you|your|was|and|hello|to|not|for|password|with)\b/i;
const GERMAN = /\b(der|die|das|Sie|Ihr|wurde|und|Guten|nicht|Passwort|ein|eine|mit)\b/i;
const withoutNames = (text: string) => text.replaceAll(/https:\S+|\S+@\S+/g, '');

describe('a mail', () => {
  it('is tested below, whatever it is about', () => {
    const made = Object.keys(all).filter((name) => name.endsWith('Mail'));
    expect(Object.keys(MAILS).length).toBe(made.length + 2);
  });

  it.each(Object.entries(MAILS))('about %s has its subject and its text in either language', (_name, { en, de }) => {
    expect(withoutNames(en.text)).not.toMatch(GERMAN);
    expect(withoutNames(de.text)).not.toMatch(ENGLISH);
    expect(en.subject).not.toMatch(GERMAN);
    expect(de.subject).not.toMatch(ENGLISH);
    expect(en.text).toMatch(/^Hello( Anna)?,\n\n/);
    expect(de.text).toMatch(/^Guten Tag( Anna)?,\n\n/);
    expect([en.to, de.to]).toEqual([de.to, en.to]);
  });

  it.each(Object.entries(MAILS))('about %s has the same addresses and paragraphs in either language', (_name, { en, de }) => {
    const [english, german] = [en, de].map(({ text }) => text.split('\n\n'));
    expect(german?.length).toBe(english?.length);
    const [inEnglish, inGerman] = [en, de].map(({ text }) => text.match(/(https:|\S+@)\S*[\w/]/g));
    expect(inGerman?.sort()).toEqual(inEnglish?.sort());
  });

  it('of an invitation says until when its link works, as people write times', () => {
    const { en, de } = MAILS['an invitation to sites'] as Mails;
    expect(en.text).toContain('“Olga” invites you to see the web statistics of “Garten”, “Mond”.');
    expect(en.text).toContain('It works once, until 30 Nov 2026, 09:15 UTC.');
    expect(de.text).toContain('„Olga“ lädt Sie ein, die Webstatistik von „Garten“, „Mond“ zu sehen.');
    expect(de.text).toContain('Er funktioniert nur einmal, bis 30.11.2026, 09:15 UTC.');
  });
});
