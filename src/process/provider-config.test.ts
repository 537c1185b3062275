import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const NEEDED = { OIDC_ISSUER: 'https://id.example.com/realms/company', OIDC_CLIENT_ID: 'hitherto' };

describe('the provider of the configuration', () => {
  it('is absent without its variables, also if they are empty', () => {
    expect(readConfig({}).provider).toBeUndefined();
    expect(readConfig({ OIDC_ISSUER: '', OIDC_CLIENT_ID: '', OIDC_DOMAINS: '' }).provider).toBeUndefined();
  });

  it('lets nobody have an account who has none, unless it is configured otherwise', () => {
    expect(readConfig(NEEDED).provider).toEqual({
      openId: { issuer: NEEDED.OIDC_ISSUER, clientId: 'hitherto', clientSecret: undefined },
      rules: { domains: [], newcomers: 'refuse' },
      label: undefined,
    });
    const all = {
      OIDC_CLIENT_SECRET: 's',
      OIDC_DOMAINS: 'Example.com, bücher.example',
      OIDC_NEWCOMERS: '0',
      OIDC_NAME: ' Company ',
    };
    expect(readConfig({ ...NEEDED, ...all }).provider).toMatchObject({
      openId: { clientSecret: 's' },
      rules: { domains: ['example.com', 'xn--bcher-kva.example'], newcomers: 0 },
      label: 'Company',
    });
  });

  it.each(['http://localhost:8080/realms/x', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://accounts.google.com'])(
    'may be %s',
    (OIDC_ISSUER) => {
      expect(readConfig({ ...NEEDED, OIDC_ISSUER }).provider?.openId.issuer).toBe(OIDC_ISSUER);
    },
  );

  it.each([
    [{ OIDC_ISSUER: 'http://id.example.com' }, 'OIDC_ISSUER: must be an address that begins with https://'],
    [{ OIDC_ISSUER: 'http://127.0.0.1.evil.example' }, 'OIDC_ISSUER: must be an address that begins with https://'],
    [{ OIDC_ISSUER: 'id.example.com' }, 'OIDC_ISSUER: must be an address that begins with https://'],
    [{ OIDC_ISSUER: 'file:///etc/passwd' }, 'OIDC_ISSUER: must be an address that begins with https://'],
    [{ OIDC_ISSUER: 'https://a:b@id.example.com' }, 'OIDC_ISSUER: must be without a user and a password'],
    [{ OIDC_ISSUER: 'https://id.example.com/?x' }, 'OIDC_ISSUER: must end with its path'],
    [{ OIDC_ISSUER: 'https://id.example.com/.well-known/openid-configuration' }, 'OIDC_ISSUER: must be the issuer itself'],
    [{ OIDC_ISSUER: '' }, 'OIDC_ISSUER: is needed with OIDC_CLIENT_ID'],
    [{ OIDC_CLIENT_ID: '' }, 'OIDC_CLIENT_ID: is needed with OIDC_ISSUER'],
    [{ OIDC_DOMAINS: '@example.com' }, 'OIDC_DOMAINS: "@example.com" is not a domain'],
    [{ OIDC_DOMAINS: 'example.com;example.org' }, 'OIDC_DOMAINS: "example.com;example.org" is not a domain'],
    [{ OIDC_DOMAINS: '*.example.com' }, 'OIDC_DOMAINS: "*.example.com" is not a domain'],
    [{ OIDC_DOMAINS: ' , ' }, 'OIDC_DOMAINS: has no domain'],
    [{ OIDC_NEWCOMERS: 'yes' }, 'OIDC_NEWCOMERS: must be refuse, or the number'],
    [{ OIDC_NEWCOMERS: '-1' }, 'OIDC_NEWCOMERS: must be refuse, or the number'],
    [{ OIDC_NAME: 'x'.repeat(51) }, 'OIDC_NAME: must have at most 50 characters'],
    [{ OIDC_NAME: 'a\nb' }, 'OIDC_NAME: must be a text of one line'],
  ])('cannot be %j', (variables, message) => {
    expect(() => readConfig({ ...NEEDED, ...variables } as NodeJS.ProcessEnv)).toThrow(message);
  });
});
