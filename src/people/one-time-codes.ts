// One-time codes for two-step sign-in: those that an app shows (TOTP, RFC 6238), and recovery codes.
import { Secret, TOTP } from 'otpauth';
import type { TwoStep } from './person.js';
import { sha256 } from './secrets.js';

const SECRET_BYTES = 20;
const CODE_SECRET = /^[A-Z2-7]{32}$/;
/** Too long to be guessed from its hash. */
const RECOVERY_BYTES = 10;
const RECOVERY_CODES = 10;
/** A code is accepted for 30 seconds before and after its own, because clocks differ and people type slowly. */
const STEPS_AROUND = 1;

/** In base32. */
export function newCodeSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

export function isCodeSecret(text: string): boolean {
  return CODE_SECRET.test(text);
}

/** The address by which apps take over a secret. `issuer`: how the app names this service. */
export function codeUri(secret: string, email: string, issuer: string): string {
  return new TOTP({ issuer, label: email, secret }).toString();
}

/** The time step of a right code; `undefined` if the code is wrong. */
export function stepOfCode(secret: string, typed: string, nowMs: number): number | undefined {
  const code = normalCode(typed);
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ secret });
  const distance = totp.validate({ token: code, timestamp: nowMs, window: STEPS_AROUND });
  return distance === null ? undefined : totp.counter({ timestamp: nowMs }) + distance;
}

/** In groups of four, as people read them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => inFours(new Secret({ size: RECOVERY_BYTES }).base32, '-'));
}

export function hashOfRecoveryCode(typed: string): string {
  return sha256(normalCode(typed));
}

export function inFours(text: string, separator = ' '): string {
  return text.match(/.{1,4}/g)?.join(separator) ?? '';
}

/** Returns the state after the use of a code from the app or of a recovery code; `undefined` if it is wrong or was used. */
export function afterUseOf(typed: string, twoStep: TwoStep, nowMs: number): TwoStep | undefined {
  const lastStep = stepOfCode(twoStep.secret, typed, nowMs);
  if (lastStep !== undefined) return lastStep > twoStep.lastStep ? { ...twoStep, lastStep } : undefined;
  const hash = hashOfRecoveryCode(typed);
  const recoveryHashes = twoStep.recoveryHashes.filter((one) => one !== hash);
  return recoveryHashes.length < twoStep.recoveryHashes.length ? { ...twoStep, recoveryHashes } : undefined;
}

/** People type spaces and hyphens as they are shown, or leave them out. */
function normalCode(typed: string): string {
  return typed.replaceAll(/[\s-]/g, '').toUpperCase();
}
