// OpenID Connect: the authorization code flow, with PKCE, state and nonce.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ClientAuth, Configuration } from 'openid-client';
import { HOUR_MS, MINUTE_MS } from '../time/units.js';
import { type Provider, type ProviderClaims, type ProviderFailure, ProviderProblem, type ProviderSignIn } from './provider.js';

/** Loaded when somebody signs in through the provider. */
const openid = () => import('openid-client');

/** For each request to the provider. Somebody waits for it. */
const WAIT_SECONDS = 5;
/** Providers replace their endpoints and algorithms rarely. */
const METADATA_MS = HOUR_MS;
/** Anybody can cause failures, so not every one is logged. */
const LOGGED_EVERY_MS = MINUTE_MS;

export interface OpenIdOptions {
  /** By https, or on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret: string | undefined;
}

export interface OpenIdSurroundings {
  readonly nowMs: () => number;
  /** Called with one line about what an operator has to know: the provider does not answer, or refuses this service. */
  readonly onProblem: (problem: string) => void;
  /** How long each request to the provider may take. */
  readonly waitSeconds?: number;
}

export function createOpenIdProvider(options: OpenIdOptions, surroundings: OpenIdSurroundings): Provider {
  const { nowMs, onProblem, waitSeconds = WAIT_SECONDS } = surroundings;
  let known: { readonly configuration: Promise<Configuration>; readonly atMs: number } | undefined;
  let loggedMs = Number.NEGATIVE_INFINITY;

  /** The metadata of the provider. It is read at the first sign-in, so that the service starts without the provider. */
  const configured = async (): Promise<Configuration> => {
    if (known !== undefined && nowMs() - known.atMs < METADATA_MS) return known.configuration;
    const reading = { configuration: discover(options, waitSeconds), atMs: nowMs() };
    known = reading;
    reading.configuration.catch(() => {
      if (known === reading) known = undefined; // the next sign-in tries again
    });
    return reading.configuration;
  };

  const problemOf = async (error: unknown): Promise<ProviderProblem> => {
    const problem = error instanceof ProviderProblem ? error : new ProviderProblem(...(await failureOf(error)));
    const isLogged = problem.failure === 'unavailable' || problem.failure === 'unusable';
    if (isLogged && nowMs() - loggedMs >= LOGGED_EVERY_MS) {
      loggedMs = nowMs();
      onProblem(`signing in through ${new URL(options.issuer).host} failed: ${problem.message}`);
    }
    return problem;
  };

  return {
    async authorizationUrl(signIn) {
      try {
        const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await openid();
        const { state, nonce, verifier } = derivedFrom(signIn);
        const url = buildAuthorizationUrl(await configured(), {
          redirect_uri: signIn.callback,
          scope: 'openid email profile',
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
        return url.href;
      } catch (error) {
        throw await problemOf(error);
      }
    },
    async identify(signIn, query) {
      try {
        return await identify(configured, signIn, query);
      } catch (error) {
        throw await problemOf(error);
      }
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: OpenIdOptions, timeout: number): Promise<Configuration> {
  const { allowInsecureRequests, discovery, enableNonRepudiationChecks } = await openid();
  const isInsecure = issuer.startsWith('http:');
  return discovery(new URL(issuer), clientId, undefined, await authentication(clientSecret), {
    // the signature of the ID token is checked as well, although it comes from the provider itself
    execute: [enableNonRepudiationChecks, ...(isInsecure ? [allowInsecureRequests] : [])],
    timeout,
  });
}

/** The way to send the secret that the provider accepts. Without a word about it, that is the standard's default. */
async function authentication(clientSecret: string | undefined): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost, None } = await openid();
  if (clientSecret === undefined) return None();
  const [basic, post] = [ClientSecretBasic(clientSecret), ClientSecretPost(clientSecret)];
  return (server, ...more) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server;
    return (methods.includes('client_secret_post') ? post : basic)(server, ...more);
  };
}

async function identify(
  configured: () => Promise<Configuration>,
  signIn: ProviderSignIn,
  query: string,
): Promise<ProviderClaims> {
  const { state, nonce, verifier } = derivedFrom(signIn);
  // first, so that nobody who has not begun to sign in causes requests to the provider
  if (!isSame(new URLSearchParams(query).getAll('state').join(), state)) {
    throw new ProviderProblem('other-sign-in', 'the state is of another sign-in');
  }
  const { authorizationCodeGrant, fetchUserInfo } = await openid();
  const configuration = await configured();
  const tokens = await authorizationCodeGrant(configuration, new URL(`${signIn.callback}?${query}`), {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const token = tokens.claims();
  if (token === undefined) throw new ProviderProblem('unusable', 'there is no ID token');
  const identity = { issuer: token.iss, subject: token.sub };
  // some providers send only the subject in the token
  const isComplete = token.email !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined;
  const claims = isComplete ? token : await fetchUserInfo(configuration, tokens.access_token, token.sub);
  return {
    identity,
    email: textOf(claims.email),
    isEmailVerified: claims.email_verified === true,
    name: textOf(claims.name) ?? textOf(token.name),
  };
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined;
}

/** None of them reveals the secret or another one. */
function derivedFrom({ secret }: ProviderSignIn): { readonly state: string; readonly nonce: string; readonly verifier: string } {
  const derived = (purpose: string) => createHmac('sha256', secret).update(purpose).digest('base64url');
  return { state: derived('state'), nonce: derived('nonce'), verifier: derived('verifier') };
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Codes of errors that are the provider's own trouble. */
const TEMPORARY: readonly unknown[] = ['temporarily_unavailable', 'server_error'];

/** Codes of the library for an answer that is late, or that is not the provider's. Without a code: there is none. */
const NO_ANSWER: readonly string[] = [
  ...['OAUTH_TIMEOUT', 'OAUTH_PARSE_ERROR'],
  ...['OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'],
];

/** What a provider may send as the code of an error; anything else is not repeated. */
const ERROR_CODE = /^[a-z_]{1,40}$/;

async function failureOf(error: unknown): Promise<[ProviderFailure, string]> {
  const { AuthorizationResponseError, ClientError, ResponseBodyError } = await openid();
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const code = ERROR_CODE.test(error.error) ? error.error : 'an error without a code';
    if (error instanceof AuthorizationResponseError && code === 'access_denied') return ['denied', code];
    return [TEMPORARY.includes(code) ? 'unavailable' : 'unusable', `it answered ${code}`];
  }
  if (!(error instanceof ClientError)) return ['unavailable', causeOf(error)];
  return [error.code === undefined || NO_ANSWER.includes(error.code) ? 'unavailable' : 'unusable', causeOf(error)];
}

/** Of errors of the network and of the library. They quote only their own words, and names of claims. */
function causeOf(error: unknown): string {
  const messages: string[] = [];
  for (let one = error; one instanceof Error && messages.length < 3; one = one.cause) messages.push(one.message);
  return messages.join(': ').replaceAll(/\s+/g, ' ').slice(0, 200) || 'an unknown error';
}
