import { afterEach, describe, expect, it } from '@jest/globals';
import { type SmtpOptions, type SmtpServer, startSmtpServer } from '../../test/fixtures/smtp-server.js';
import type { Mail } from './mailer.js';
import type { SmtpServer as Server } from './settings.js';
import { createSmtpMailer } from './smtp.js';

const LINK = 'https://stats.example.com/passwords/first.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS';
const MAIL: Mail = { to: 'anna@example.com', subject: 'Choose a new password', text: `Hello Zoë,\n\n${LINK}\n.\n` };
const LOGIN = { user: 'stats', password: 'pa ss:wörd' };

let server: SmtpServer;
let logged: string[] = [];
afterEach(async () => {
  logged = [];
  await server.close();
});

async function mailer(options: SmtpOptions = {}, changes: Partial<Server> = {}, sendMsMax = 5_000) {
  server = await startSmtpServer(options);
  const from = { name: 'Hitherto, Inc.', address: 'stats@example.com' };
  const settings = { server: { host: '127.0.0.1', port: server.port, tls: 'none', login: undefined, ...changes } as const, from };
  return createSmtpMailer(settings, (line) => void logged.push(line), sendMsMax);
}

describe('a mail', () => {
  it('arrives as plain text, with links in one piece', async () => {
    expect(await (await mailer()).send(MAIL)).toBe(true);
    expect(server.mails).toMatchObject([{ from: 'stats@example.com', to: ['anna@example.com'], text: MAIL.text.trimEnd() }]);
    const header = server.mails[0]?.header.join('\n');
    expect(header).toContain('From: "Hitherto, Inc." <stats@example.com>\nTo: anna@example.com\nSubject: Choose a new password');
    expect(header).toContain('Auto-Submitted: auto-generated');
    expect(header).toContain('Content-Type: text/plain; charset=utf-8');
    expect(logged).toEqual([]);
  });

  it('is sent with the login', async () => {
    expect(await (await mailer({ login: LOGIN }, { login: LOGIN })).send(MAIL)).toBe(true);
    expect(server.mails).toMatchObject([{ user: 'stats' }]);
  });

  it('cannot have further headers or recipients, whatever its address or its text contains', async () => {
    const ours = await mailer();
    for (const to of ['a@example.com>\r\nRCPT TO:<eve@example.com', 'a@example.com,eve@example.com', 'A <eve@example.com>']) {
      expect(await ours.send({ ...MAIL, to })).toBe(false);
    }
    expect(logged).toHaveLength(3);
    const text = 'a\r\n.\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<eve@example.com>';
    await ours.send({ ...MAIL, text, subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nHello' });
    expect(server.mails).toMatchObject([{ to: ['anna@example.com'], text: text.replaceAll('\r', '') }]);
    expect(server.mails[0]?.header.filter((line) => /^bcc/i.test(line))).toEqual([]);
  });
});

describe('a mail that cannot be sent', () => {
  it('is reported in one line, without the login and without what was in the mail', async () => {
    const wrong = { user: 'stats', password: 'not this one' };
    expect(await (await mailer({ login: LOGIN }, { login: wrong })).send(MAIL)).toBe(false);
    await server.close();
    const echo = { '.': `554 5.7.1 Spam: ${LINK}` };
    expect(await (await mailer({ answers: echo })).send(MAIL)).toBe(false);
    expect(logged).toEqual([
      'the mail "Choose a new password" could not be sent: Invalid login: 535 Not accepted: PLAIN …',
      'the mail "Choose a new password" could not be sent: Message failed: 554 5.7.1 Spam: …',
    ]);
  });

  it.each(['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', '.'])('is given up in time by a server that hangs at %s', async (word) => {
    const hanging = await mailer({ answers: { [word]: undefined } }, {}, 150);
    expect(await hanging.send(MAIL)).toBe(false);
    expect(logged).toEqual(['the mail "Choose a new password" could not be sent: the mail server took too long']);
  });

  it('does not wait for others longer than for the server, and none waits beyond a limit', async () => {
    const hanging = await mailer({ answers: { greeting: undefined } }, {}, 300);
    const begin = performance.now();
    const sent = await Promise.all(Array.from({ length: 220 }, () => hanging.send(MAIL)));
    expect(performance.now() - begin).toBeLessThan(30_000); // one after another, they would take a minute
    expect(sent.filter(Boolean)).toEqual([]);
    expect(logged.filter((line) => line.endsWith('too many mails are being sent'))).toHaveLength(20);
  });

  it('is given up when the service stops', async () => {
    const hanging = await mailer({ answers: { greeting: undefined } }, {}, 60_000);
    const sending = hanging.send(MAIL);
    await hanging.close(50);
    expect(await sending).toBe(false);
  });

  it('was refused a connection', async () => {
    const refused = await mailer();
    await server.close();
    expect(await refused.send(MAIL)).toBe(false);
    expect(logged).toEqual([expect.stringMatching(/could not be sent: connect ECONNREFUSED 127\.0\.0\.1/)]);
  });
});

describe('the connection', () => {
  it.each([
    ['from the start', { tls: 'from-start' }, { tls: 'from-start' }],
    ['after STARTTLS', { tls: 'starttls' }, { tls: 'if-offered' }],
  ] as const)('is not used with a certificate that nobody has signed: TLS %s', async (_, options, changes) => {
    expect(await (await mailer({ ...options, login: LOGIN }, { ...changes, login: LOGIN })).send(MAIL)).toBe(false);
    expect(logged).toEqual([expect.stringMatching(/self-signed certificate/)]);
    expect(server.transcript()).not.toMatch(/AUTH|MAIL/);
  });

  it('is not used for a password if the server offers no TLS', async () => {
    expect(await (await mailer({ login: LOGIN }, { login: LOGIN, tls: 'required' })).send(MAIL)).toBe(false);
    expect(server.transcript()).not.toContain('AUTH');
  });
});
