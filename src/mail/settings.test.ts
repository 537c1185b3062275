import { describe, expect, it } from '@jest/globals';
import { mailSettingsOf } from '../process/mail-config.js';
import { readSender, readSmtpUrl } from './settings.js';

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, tls: 'if-offered', login: undefined }],
    ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, tls: 'from-start', login: undefined }],
    ['smtp://localhost:25/', { host: 'localhost', port: 25, tls: 'none', login: undefined }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525, tls: 'none', login: undefined }],
    [
      'smtp://anna%40example.com:p%2Fa%3Ass%25@mail.example.com:2587',
      {
        host: 'mail.example.com',
        port: 2587,
        tls: 'required',
        login: { user: 'anna@example.com', password: 'p/a:ss%' },
      },
    ],
  ])('%s is understood', (text, settings) => {
    expect(readSmtpUrl(text)).toEqual(settings);
  });

  it.each([
    '',
    'mail.example.com:587',
    'https://user:Geheim1@mail.example.com',
    'smtp://',
    'smtp:///Geheim1',
    'smtp://user:Geheim1@',
    'smtp://user:Geheim1@mail example.com',
    'smtp://user:Geheim1/x@mail.example.com',
    'smtp://user:Geheim1#x@mail.example.com',
    'smtp://mail.example.com/Geheim1',
    'smtp://mail.example.com?pool=Geheim1',
    'smtp://Geheim1@mail.example.com',
    'smtp://:Geheim1@mail.example.com',
    'smtp://user:Geheim1%@mail.example.com',
    'smtp://user:Geheim1@mail.example.com:0',
    'smtp://user:Geheim1@mail.example.com:99999',
  ])('%s is a mistake, and the message does not repeat it', (text) => {
    const { problem } = readSmtpUrl(text) as { problem: string };
    expect(problem).toMatch(/^(must|has|cannot) /);
    expect(problem).not.toContain('Geheim1');
  });
});

describe('MAIL_FROM', () => {
  it.each([
    ['stats@example.com', { name: '', address: 'stats@example.com' }],
    [' Hitherto <stats@example.com> ', { name: 'Hitherto', address: 'stats@example.com' }],
    ['"Hitherto, Inc." <stats@example.com>', { name: 'Hitherto, Inc.', address: 'stats@example.com' }],
  ])('%s is understood', (text, sender) => {
    expect(readSender(text)).toEqual(sender);
  });

  it.each([
    'Hitherto',
    '<>',
    'a@example.com, b@example.com',
    'A <a@example.com> <b@example.com>',
    'A\r\nBcc: b@example.com <a@example.com>',
    '"A" B <a@example.com>',
  ])('%j is a mistake', (text) => {
    expect(readSender(text)).toEqual({ problem: expect.stringContaining('must be an address') });
  });
});

describe('both', () => {
  it('are needed together, and all mistakes are reported at once', () => {
    expect(mailSettingsOf({ SMTP_URL: '', MAIL_FROM: '' })).toBeUndefined();
    expect(() => mailSettingsOf({ SMTP_URL: 'smtp://localhost' })).toThrow(/^MAIL_FROM: is needed with SMTP_URL/);
    expect(() => mailSettingsOf({ MAIL_FROM: 'a@example.com' })).toThrow(/^SMTP_URL: is needed with MAIL_FROM/);
    expect(() => mailSettingsOf({ SMTP_URL: 'x', MAIL_FROM: 'x' })).toThrow(/^SMTP_URL: must .*; MAIL_FROM: must /);
  });
});
