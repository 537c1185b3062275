// The variables about the provider through which people sign in.
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { createOpenIdProvider, type OpenIdOptions, type OpenIdSurroundings } from '../people/openid.js';
import { isSitesMax, SITES_MAX } from '../people/person.js';
import type { ProviderRules, SignInProvider } from '../people/provider.js';

export interface ProviderConfig {
  readonly openId: OpenIdOptions;
  readonly rules: ProviderRules;
  /** Undefined: the button names the host. */
  readonly label: string | undefined;
}

/** On this machine, for tests: nobody can listen in between. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export const issuer = z.string().superRefine((text, { addIssue }) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (!isSafe) addIssue('must be an address that begins with https://, such as https://accounts.google.com');
  else if (url.username !== '' || url.password !== '') addIssue('must be without a user and a password');
  else if (url.search !== '' || url.hash !== '') addIssue('must end with its path, without ? or #');
  else if (url.pathname.includes('/.well-known/'))
    addIssue('must be the issuer itself: leave out /.well-known/ and what follows');
});

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** In ASCII, as they are compared. */
export const emailDomains = z.string().transform((text, { addIssue }) => {
  const domains = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const domain = domainToASCII(entry);
      if (!DOMAIN.test(domain)) addIssue(`"${entry}" is not a domain; write domains like example.com, separated by commas`);
      return domain;
    });
  // it must not mean "all domains" by mistake
  if (domains.length === 0) addIssue('has no domain; write domains like example.com, separated by commas');
  return domains;
});

export const newcomers = z.string().transform((text, { addIssue }): ProviderRules['newcomers'] => {
  if (text === 'refuse') return 'refuse';
  if (!isSitesMax(text)) addIssue(`must be refuse, or the number of sites that they may own, from 0 to ${SITES_MAX}`);
  return Number(text);
});

const LABEL_CHARACTERS_MAX = 50;

export const label = z
  .string()
  .trim()
  .refine((text) => text.length <= LABEL_CHARACTERS_MAX, `must have at most ${LABEL_CHARACTERS_MAX} characters`)
  .refine((text) => text !== '' && !/\p{Cc}/u.test(text), 'must be a text of one line');

interface Values {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly OIDC_DOMAINS: readonly string[];
  readonly OIDC_NEWCOMERS: ProviderRules['newcomers'];
  readonly OIDC_NAME?: string | undefined;
}

/** `given`: the variables that are set. Throws an Error if one is missing. */
export function readProvider(given: Readonly<Record<string, unknown>>, values: Values): ProviderConfig | undefined {
  const set = Object.keys(given).filter((name) => name.startsWith('OIDC_'));
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_DOMAINS, OIDC_NEWCOMERS, OIDC_NAME } = values;
  if (set.length === 0) return undefined;
  if (OIDC_ISSUER === undefined) throw new Error(`OIDC_ISSUER: is needed with ${set[0]}`);
  if (OIDC_CLIENT_ID === undefined) throw new Error('OIDC_CLIENT_ID: is needed with OIDC_ISSUER; the provider shows it');
  return {
    openId: { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET },
    rules: { domains: OIDC_DOMAINS, newcomers: OIDC_NEWCOMERS },
    label: OIDC_NAME,
  };
}

export function createSignInProvider({ openId, rules, label }: ProviderConfig, surroundings: OpenIdSurroundings): SignInProvider {
  const { host } = new URL(openId.issuer);
  return { ...createOpenIdProvider(openId, surroundings), rules, host, label: label ?? `Sign in with ${host}` };
}
