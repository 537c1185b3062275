// SMTP_URL and MAIL_FROM. Messages about mistakes do not repeat a value, because it may contain a password.
import { isIP } from 'node:net';
import { checkPerson } from '../people/person.js';

export interface SmtpServer {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /**
   * - `from-start`: as with smtps://
   * - `required`: after STARTTLS, because a password is sent
   * - `if-offered`: after STARTTLS
   * - `none`: on this machine, where certificates are usually self-signed and nobody else reads the connection
   */
  readonly tls: 'from-start' | 'required' | 'if-offered' | 'none';
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

export interface Sender {
  /** May be empty. */
  readonly name: string;
  readonly address: string;
}

export interface MailSettings {
  readonly server: SmtpServer;
  readonly from: Sender;
}

export interface Wrong {
  /** Continues a sentence that begins with the name of the variable. */
  readonly problem: string;
}

const FORM = 'smtps://user:password@mail.example.com, or smtp:// for STARTTLS, with a port if it is not 465 or 587';
const ENCODING = 'In the user and the password, write / as %2F, : as %3A, @ as %40, ? as %3F, # as %23 and % as %25';
const HOST_NAME = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i;
const DEFAULT_PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

export function readSmtpUrl(text: string): SmtpServer | Wrong {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isTls = url?.protocol === 'smtps:';
  const host = url?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
  if (url === undefined || !(isTls || url.protocol === 'smtp:') || !(HOST_NAME.test(host) || isIP(host) !== 0)) {
    return { problem: `must be the address of a mail server: ${FORM}. ${ENCODING}` };
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    return { problem: `must end with the host or the port. ${ENCODING}` };
  }
  if ((url.username === '') !== (url.password === '')) return { problem: 'must have both a user and a password, or neither' };
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined) {
    return { problem: 'has a % in the user or the password that begins no encoded character; write % as %25' };
  }
  const port = url.port === '' ? DEFAULT_PORTS[isTls ? 'smtps:' : 'smtp:'] : Number(url.port);
  if (port === 0) return { problem: 'cannot have the port 0' };
  const login = user === '' ? undefined : { user, password };
  const startTls = isLoopback(host) ? 'none' : login === undefined ? 'if-offered' : 'required';
  return { host, port, tls: isTls ? 'from-start' : startTls, login };
}

/** `anna@example.com`, or with a name: `Statistics <stats@example.com>`. */
export function readSender(text: string): Sender | Wrong {
  const [, quoted, plain, inBrackets] = /^(?:"([^"\\]*)"|([^"<>]*?))\s*<([^<>]*)>$/.exec(text.trim()) ?? [];
  const address = inBrackets ?? text;
  const name = (quoted ?? plain ?? '').trim();
  if ('problems' in checkPerson({ email: address }) || (name !== '' && 'problems' in checkPerson({ name }))) {
    return { problem: 'must be an address, or a name and an address: stats@example.com or Statistics <stats@example.com>' };
  }
  return { name, address: address.trim() };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
}
