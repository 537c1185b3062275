import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

/** The variables of the README's table whose default is a value that could be set. */
const DEFAULTS = [...readFileSync('README.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|/gm)].map(
  ([, name, value]) => [name as string, value as string] as const,
);

/** What the variables of a provider need. */
const PROVIDER = { OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'hitherto', PUBLIC_URL: 'https://stats.example.com' };

describe('the configuration', () => {
  it.each(DEFAULTS)('has the default that the README says: %s = %s', (name, value) => {
    const others = name.startsWith('OIDC_') ? PROVIDER : {};
    expect(readConfig({ ...others, [name]: value })).toEqual(readConfig(others));
  });

  it('has a default for most variables', () => {
    expect(DEFAULTS.length).toBeGreaterThan(10);
  });
});
