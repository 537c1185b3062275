// What browsers answer when a passkey is made or used (WebAuthn), and checking it.
import { z } from 'zod';
import type { Passkey } from './person.js';
import type { RelyingParty } from './relying-party.js';

/** Loaded when somebody makes or uses a passkey. */
const webauthn = () => import('@simplewebauthn/server');
const helpers = () => import('@simplewebauthn/server/helpers');

/** EdDSA, ES256 and RS256, which every version of Node can check. */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];
/** How an authenticator is connected. Others may be added to the standard. */
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;
export type Transport = (typeof TRANSPORTS)[number];

const ID_CHARACTERS_MAX = 1_364; // 1,023 bytes
const PUBLIC_KEY_CHARACTERS_MAX = 2_000;
const ANSWER_CHARACTERS_MAX = 20_000;

const base64url = z.string().regex(/^[\w-]+$/);
const shared = { id: base64url.max(ID_CHARACTERS_MAX), rawId: base64url, type: z.literal('public-key') };
const creationShape = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string()).max(20).optional(),
  }),
});
const useShape = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.max(200),
  }),
});

export type Use = z.infer<typeof useShape>;

export interface Expected {
  /** In base64url. */
  readonly challenge: string;
  readonly party: RelyingParty;
}

/** What an authenticator says about a new passkey. */
export type Created = Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports'>;

/** Undefined: the answer is not one to this challenge, or the person was not verified. */
export async function createdIn(answer: string, { challenge, party }: Expected): Promise<Created | undefined> {
  const response = read(creationShape, answer);
  if (response === undefined || !(await isWithoutCertificates(response.response.attestationObject))) return undefined;
  try {
    const { verifyRegistrationResponse } = await webauthn();
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {}, response: { ...response.response, transports: [] } },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified) return undefined;
    const { id, publicKey, counter } = registrationInfo.credential;
    const key = Buffer.from(publicKey).toString('base64url');
    if (id !== response.id || key.length > PUBLIC_KEY_CHARACTERS_MAX) return undefined;
    return { id, publicKey: key, counter, transports: knownTransports(response.response.transports) };
  } catch {
    return undefined; // the library throws for everything that is wrong with an answer
  }
}

/** Undefined: no browser has made this. */
export function useIn(answer: string): Use | undefined {
  return read(useShape, answer);
}

/** The new value of the counter. Undefined: the answer was not made with this passkey, or not for this challenge. */
export async function counterAfter(use: Use, passkey: Passkey, { challenge, party }: Expected): Promise<number | undefined> {
  try {
    const { verifyAuthenticationResponse } = await webauthn();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...use, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    return undefined;
  }
}

function read<Shape>(shape: z.ZodType<Shape>, answer: string): Shape | undefined {
  if (answer.length > ANSWER_CHARACTERS_MAX) return undefined;
  try {
    return shape.parse(JSON.parse(answer));
  } catch {
    return undefined;
  }
}

/**
 * Certificates say who has made the authenticator. They are not asked for, and so browsers leave them out. Checking them would
 * cause requests to addresses that the certificates name, which anybody can choose.
 */
async function isWithoutCertificates(attestationObject: string): Promise<boolean> {
  try {
    const { decodeAttestationObject, isoBase64URL } = await helpers();
    const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
    const format = decoded.get('fmt');
    return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
  } catch {
    return false;
  }
}

function knownTransports(given: readonly string[] = []): Transport[] {
  return TRANSPORTS.filter((one) => given.includes(one));
}
