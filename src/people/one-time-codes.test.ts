import { describe, expect, it } from '@jest/globals';
import {
  afterUseOf,
  codeUri,
  hashOfRecoveryCode,
  isCodeSecret,
  newCodeSecret,
  newRecoveryCodes,
  stepOfCode,
} from './one-time-codes.js';

/** The test vectors of RFC 6238 for SHA-1, appendix B, as six digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const RFC_CODES = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

describe('a code', () => {
  it.each(RFC_CODES)('at %s seconds is as in RFC 6238', (seconds, code) => {
    expect(stepOfCode(RFC_SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('is accepted for one step before and after its own', () => {
    const step = Math.floor(1_111_111_109 / 30);
    const at = (steps: number) => stepOfCode(RFC_SECRET, '081804', (step + steps) * 30_000);
    expect([-2, -1, 0, 1, 2].map(at)).toEqual([undefined, step, step, step, undefined]);
    expect(stepOfCode(RFC_SECRET, '081804', (step + 2) * 30_000 - 1)).toBe(step);
  });

  it('may be typed with spaces', () => {
    expect(stepOfCode(RFC_SECRET, ' 287 082\n', 59_000)).toBe(1);
  });

  it.each(['', '28708', '2870820', '287083', '２８７０８２', '+28708', '0x4616a', '287082;', '-287082.0', '\0'.repeat(1e5)])(
    'is wrong as %j',
    (typed) => {
      expect(stepOfCode(RFC_SECRET, typed, 59_000)).toBeUndefined();
    },
  );
});

describe('using codes', () => {
  const recovery = newRecoveryCodes();
  const fresh = { secret: RFC_SECRET, lastStep: 0, recoveryHashes: recovery.map(hashOfRecoveryCode) };

  it('accepts each code once, and none of an earlier step', () => {
    const used = afterUseOf('287082', fresh, 59_000);
    expect(used).toEqual({ ...fresh, lastStep: 1 });
    expect(used && afterUseOf('287082', used, 59_000)).toBeUndefined();
    expect(afterUseOf('287082', { ...fresh, lastStep: 2 }, 59_000)).toBeUndefined();
  });

  it('accepts each recovery code once, in any case and with or without hyphens', () => {
    const [first = '', second = ''] = recovery;
    const used = afterUseOf(` ${first.toLowerCase().replaceAll('-', ' ')} `, fresh, 0);
    expect(used?.recoveryHashes).toEqual(fresh.recoveryHashes.slice(1));
    expect(used && afterUseOf(first, used, 0)).toBeUndefined();
    expect(used && afterUseOf(second, used, 0)?.recoveryHashes).toHaveLength(8);
    expect(afterUseOf(fresh.recoveryHashes[0] as string, fresh, 0)).toBeUndefined();
  });
});

it('secrets and recovery codes are random and have the form that is expected of them', () => {
  expect(new Set(Array.from({ length: 100 }, newCodeSecret)).size).toBe(100);
  expect(isCodeSecret(newCodeSecret())).toBe(true);
  for (const wrong of ['', 'A', 'a'.repeat(32), '1'.repeat(32), `${'A'.repeat(32)}\n`]) expect(isCodeSecret(wrong)).toBe(false);
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
});

it('the address for apps names the service and the person', () => {
  const uri = new URL(codeUri(RFC_SECRET, 'anna+1&x=2@example.com', 'Hitherto stats.example'));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain('Hitherto stats.example:anna+1&x=2@example.com');
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret: RFC_SECRET, issuer: 'Hitherto stats.example' });
});
