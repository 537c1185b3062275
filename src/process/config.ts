// Reads the environment, once at start. Reports all mistakes at once, each with what to do.
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { MailSettings } from '../mail/settings.js';
import { DEFAULT_DATA_DIR } from '../system/command-line.js';
import { CLIENT_IP_HEADERS, type ClientIpHeader } from '../web/client-address.js';
import { ROUTES } from '../web/routes.js';
import { mailFrom, mailSettings, smtpUrl } from './mail-config.js';
import { emailDomains, issuer, label, newcomers, type ProviderConfig, readProvider } from './provider-config.js';

/** The longest path that all systems accept for a socket. */
const SOCKET_PATH_BYTES_MAX = 103;

/** In TRUST_PROXY: every client that connects through the Unix socket. */
const THE_SOCKET = 'unix';

/** `10.0.0.0/8`, a single address, or the socket. */
const addressRange = z.string().refine(
  (range) => {
    if (range === THE_SOCKET) return true;
    const [network = '', bits, ...more] = range.split('/');
    const family = isIP(network);
    return (
      family !== 0 &&
      more.length === 0 &&
      (bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
    );
  },
  { error: (issue) => `"${String(issue.input)}" is not an address, a range such as 10.0.0.0/8, or ${THE_SOCKET}` },
);

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine((text) => /^[0-9]+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: (issue) => `must be a whole number from ${min} to ${max}, not "${String(issue.input)}"`,
    })
    .transform(Number);
}

/** Header names are case-insensitive. */
const clientIpHeader = z.string().transform((text, context) => {
  const header = CLIENT_IP_HEADERS.find((name) => name.toLowerCase() === text.trim().toLowerCase());
  if (header !== undefined) return header;
  context.addIssue(
    `"${text}" is not a header that can name the visitor's address; it must be one of ${CLIENT_IP_HEADERS.join(', ')}`,
  );
  return z.NEVER;
});

/** Removes the brackets of `[::1]`, as in a URL, and makes the path of a socket absolute. */
const host = z.string().transform((text, context) => {
  const path = /^unix:(.*)$/s.exec(text)?.[1];
  if (path === undefined) return { host: text.replace(/^\[(.*:.*)\]$/, '$1'), socketPath: undefined };
  const socketPath = resolve(path);
  if (path === '' || Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES_MAX) {
    const problem = path === '' ? 'has no path' : `has a path of more than ${SOCKET_PATH_BYTES_MAX} bytes`;
    context.addIssue(`"${text}" ${problem}; a socket is named as unix:/run/hitherto/hitherto.sock`);
  }
  return { host: text, socketPath };
});

/** As browsers write it: in lower case, without a default port, and without a trailing slash. */
const publicUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    context.addIssue(
      'must be an address that begins with http:// or https://, such as https://stats.example.com or https://example.com/stats',
    );
    return text;
  }
  const path = url.pathname.replace(/\/+$/, '');
  const problem = problemOf(url, path);
  if (problem !== undefined) context.addIssue(problem);
  return url.origin + path;
});

function problemOf({ username, password, search, hash }: URL, path: string): string | undefined {
  if (username !== '' || password !== '') return 'must be without a user and a password, because it is in every page';
  if (search !== '' || hash !== '') return 'must end with its path, without ? or #';
  if (path.includes('//')) return 'has a path with an empty part (//)';
  const first = path.split('/')[1] ?? '';
  return OWN_PATHS.has(first)
    ? `cannot be below /${first}, which is an address of the service itself; choose another path`
    : undefined;
}

/** If the public path began with one of these, it would be unclear whether a proxy has removed it from a request. */
const OWN_PATHS: ReadonlySet<string> = new Set(
  ['a.gif', ...Object.keys(ROUTES).map((route) => route.split('/')[1] ?? '')].filter((first) => first !== ''),
);

const environment = z.object({
  HOST: host.default({ host: '127.0.0.1', socketPath: undefined }),
  PORT: wholeNumber(0, 65_535).default(8000),
  DATA_DIR: z.string().min(1).default(DEFAULT_DATA_DIR),
  PUBLIC_URL: publicUrl.optional(),
  TRUST_PROXY: list.pipe(z.array(addressRange)).default([]),
  CLIENT_IP_HEADER: clientIpHeader.default('X-Forwarded-For'),
  DURABILITY: z.enum(['write', 'fsync'], { error: 'must be write or fsync' }).default('write'),
  JOURNAL_MAX: wholeNumber(16, 1_000_000).default(2048),
  JOURNAL_KEEP: wholeNumber(0, 3650).default(3),
  JOURNAL_SIZE: wholeNumber(16, 100_000_000).default(10_240),
  HITS_PER_ADDRESS: wholeNumber(0, 1_000_000).default(100),
  HITS_PER_SITE: wholeNumber(0, 1_000_000).default(2_000),
  BACKUP_KEEP: wholeNumber(0, 36_500).default(400),
  ARCHIVE_AFTER: wholeNumber(0, 100).default(5),
  ARCHIVE_DIR: z.string().min(1).optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/./, 'must begin with mongodb:// or mongodb+srv://, such as mongodb://localhost:27017/hitherto')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/./, 'must begin with redis:// or rediss://, such as redis://localhost:6379')
    .optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailFrom.optional(),
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_DOMAINS: emailDomains.default([]),
  OIDC_NEWCOMERS: newcomers.default('refuse'),
  OIDC_NAME: label.optional(),
});

export interface Config {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, which is used instead of host and port. */
  readonly socketPath: string | undefined;
  readonly dataDir: string;
  /** Without a trailing slash; `undefined`: the address that the service listens on. */
  readonly publicUrl: string | undefined;
  readonly trustProxy: readonly string[];
  readonly clientIpHeader: ClientIpHeader;
  readonly durability: 'write' | 'fsync';
  readonly journalBytesMax: number;
  readonly journalKeepMs: number;
  /** The size of counted hits in the journal. Above it, the oldest are removed before `journalKeepMs` is over. */
  readonly journalKeptBytesMax: number;
  /** Hits per second; 0: no limit. */
  readonly hitsPerAddress: number;
  readonly hitsPerSite: number;
  /** Older backups are never restored. */
  readonly backupKeepMs: number;
  /** How many whole years after its end a year stays in the store; 0: always. */
  readonly archiveAfterYears: number;
  /** `undefined`: in the data folder, or no archives in the distributed mode. */
  readonly archivesDir: string | undefined;
  /** Both in the distributed mode, neither in the embedded one. */
  readonly mongodbUri: string | undefined;
  readonly redisUrl: string | undefined;
  /** `undefined`: no mail is sent. */
  readonly mail: MailSettings | undefined;
  /** Through which people sign in beside their passwords; undefined: none. */
  readonly provider: ProviderConfig | undefined;
}

/** A node that ended longer ago has no journal any more, and is in no backup that will be restored. */
export function forgetNodesAfterMs({ journalKeepMs, backupKeepMs }: Config): number {
  return Math.max(journalKeepMs, backupKeepMs);
}

/** For commands, which print links. Throws an Error if it is not such an address. */
export function publicUrlOf({ PUBLIC_URL }: NodeJS.ProcessEnv): string | undefined {
  if (!PUBLIC_URL) return undefined;
  const parsed = publicUrl.safeParse(PUBLIC_URL);
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ message }) => `PUBLIC_URL: ${message}`).join('; '));
  return parsed.data;
}

/** Throws an Error with one line per mistake. Variables that are set but empty count as not set. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`).join('; '));
  }
  const { HOST, PORT, DATA_DIR, PUBLIC_URL, TRUST_PROXY, DURABILITY, JOURNAL_MAX, JOURNAL_KEEP } = parsed.data;
  const { JOURNAL_SIZE, HITS_PER_ADDRESS, HITS_PER_SITE } = parsed.data;
  const { CLIENT_IP_HEADER, BACKUP_KEEP, ARCHIVE_AFTER, ARCHIVE_DIR, MONGODB_URI, REDIS_URL } = parsed.data;
  if ((MONGODB_URI === undefined) !== (REDIS_URL === undefined)) {
    const [set, missing] = REDIS_URL === undefined ? ['MONGODB_URI', 'REDIS_URL'] : ['REDIS_URL', 'MONGODB_URI'];
    throw new Error(
      `${missing}: is needed with ${set}; set both to run on several machines, or neither to store everything in DATA_DIR`,
    );
  }
  return {
    ...HOST,
    port: PORT,
    dataDir: resolve(DATA_DIR),
    publicUrl: PUBLIC_URL,
    trustProxy: HOST.socketPath === undefined ? TRUST_PROXY.filter((range) => range !== THE_SOCKET) : TRUST_PROXY,
    clientIpHeader: CLIENT_IP_HEADER,
    durability: DURABILITY,
    journalBytesMax: JOURNAL_MAX * 1024 * 1024,
    journalKeepMs: JOURNAL_KEEP * 86_400_000,
    journalKeptBytesMax: JOURNAL_SIZE * 1024 * 1024,
    hitsPerAddress: HITS_PER_ADDRESS,
    hitsPerSite: HITS_PER_SITE,
    backupKeepMs: BACKUP_KEEP * 86_400_000,
    archiveAfterYears: ARCHIVE_AFTER,
    archivesDir: ARCHIVE_DIR === undefined ? undefined : resolve(ARCHIVE_DIR),
    provider: readProvider(given, parsed.data),
    mongodbUri: MONGODB_URI,
    redisUrl: REDIS_URL,
    mail: mailSettings(parsed.data),
  };
}
