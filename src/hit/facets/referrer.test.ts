import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MEDIUMS } from '../tables/sources.js';
import { parseReferrer } from './referrer.js';

const nobody = () => false;
const read = (referrer: string) => parseReferrer(referrer, nobody);

describe('a referrer', () => {
  it('is direct when there is none', () => {
    expect(read('')).toEqual({ medium: 'direct', source: '', host: '', path: '' });
  });

  it.each([
    ' ',
    'garbage',
    'google.com',
    '//google.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
    'file:///etc/passwd',
    'ftp://example.com/',
    'https:google.com',
    'https://',
    'https:///path',
    'https://?q',
    'https://user@/',
    'https://a b/',
    'https://example.com:99999/',
    'https://<script>/',
    'https://a"b.example/',
    'https://%00/',
    'https://../',
    'https://-.-/',
    'https://\ud800/',
    `https://${'a.'.repeat(200)}example/`,
    `https://${'u'.repeat(2000)}@example.com/`,
    'android-app://',
    'android-app://nodots/',
    'android-app://com.evil\t.x/',
    'file:///C:/Users/me/secret.html',
    'about:srcdoc',
  ])('is direct if it is not a web address: %j', (referrer) => {
    expect(read(referrer)).toEqual({ medium: 'direct', source: '', host: '', path: '' });
  });

  it('is internal if its host, without www. and port, is the site’s own', () => {
    const asked: string[] = [];
    const own = (host: string) => asked.push(host) > 0 && host === 'example.com';
    const internal = { medium: 'internal', source: '', host: '', path: '' };
    expect(parseReferrer('https://www.Example.com:8443/a', own)).toEqual(internal);
    expect(parseReferrer('https://www.Example.com:8443/a', own)).toEqual(internal);
    expect(parseReferrer('https://blog.example.com/a', own).medium).toBe('other');
    expect(asked).toEqual(['example.com', 'example.com', 'blog.example.com']);
  });

  it.each([
    'http://localhost/secret',
    'http://localhost:3000/secret',
    'http://app.localhost/secret',
    'https://wiki.corp.internal/secret',
    'http://www.printer.local/secret',
    'http://127.0.0.1/secret',
    'http://10.1.2.3:8080/secret',
    'http://172.16.0.1/secret',
    'http://192.168.1.1/secret',
    'http://2130706433/secret',
    'http://[::1]/secret',
    'http://[fd00::1]/secret',
  ])('is direct if it is on somebody’s own computer or network, unless the host is the site’s own: %s', (referrer) => {
    expect(read(referrer)).toEqual({ medium: 'direct', source: '', host: '', path: '' });
    expect(parseReferrer(referrer, () => true).medium).toBe('internal');
    expect(read(referrer).medium).toBe('direct');
  });

  it('is internal only for its own site, even if it is cached', () => {
    expect(parseReferrer('https://one.example/', () => true).medium).toBe('internal');
    expect(parseReferrer('https://one.example/', nobody).medium).toBe('other');
  });

  it('from an app is never the site’s own', () => {
    expect(parseReferrer('android-app://com.example.reader/', () => true).host).toBe('com.example.reader');
  });

  it.each([
    ['https://www.google.com/', 'Google', 'search', 'google.com'],
    ['https://google.co.uk/', 'Google', 'search', 'google.co.uk'],
    ['https://www.google.de/url?q=x', 'Google', 'search', 'google.de'],
    ['https://www.google.com.br/', 'Google', 'search', 'google.com.br'],
    ['https://news.google.com/', 'Google', 'search', 'news.google.com'],
    ['https://images.google.fr/', 'Google', 'search', 'images.google.fr'],
    ['https://docs.google.com/', 'Google Docs', 'other', 'docs.google.com'],
    ['https://mail.google.com/mail/u/0/', 'Gmail', 'mail', 'mail.google.com'],
    ['https://gemini.google.com/', 'Gemini', 'ai', 'gemini.google.com'],
    ['https://uk.search.yahoo.com/', 'Yahoo', 'search', 'uk.search.yahoo.com'],
    ['https://search.yahoo.co.jp/', 'Yahoo', 'search', 'search.yahoo.co.jp'],
    ['https://mail.yahoo.com/', 'Yahoo Mail', 'mail', 'mail.yahoo.com'],
    ['https://yandex.ru/', 'Yandex', 'search', 'yandex.ru'],
    ['https://www.bing.com/', 'Bing', 'search', 'bing.com'],
    ['https://edgeservices.bing.com/', 'Copilot', 'ai', 'edgeservices.bing.com'],
    ['https://duckduckgo.com/', 'DuckDuckGo', 'search', 'duckduckgo.com'],
    ['https://m.baidu.com/', 'Baidu', 'search', 'm.baidu.com'],
    ['https://tieba.baidu.com/p/1', 'Tieba', 'social', 'tieba.baidu.com'],
    ['https://search.brave.com/', 'Brave Search', 'search', 'search.brave.com'],
    ['https://kagi.com/', 'Kagi', 'search', 'kagi.com'],
    ['https://l.facebook.com/l.php?u=x', 'Facebook', 'social', 'l.facebook.com'],
    ['http://m.facebook.com', 'Facebook', 'social', 'm.facebook.com'],
    ['https://l.instagram.com/', 'Instagram', 'social', 'l.instagram.com'],
    ['https://l.threads.com/', 'Threads', 'social', 'l.threads.com'],
    ['https://t.co/AbC', 'X', 'social', 't.co'],
    ['https://lnkd.in/x', 'LinkedIn', 'social', 'lnkd.in'],
    ['https://out.reddit.com/', 'Reddit', 'social', 'out.reddit.com'],
    ['https://www.pinterest.co.uk/', 'Pinterest', 'social', 'pinterest.co.uk'],
    ['https://news.ycombinator.com/item?id=1', 'Hacker News', 'social', 'news.ycombinator.com'],
    ['https://unix.stackexchange.com/', 'Stack Exchange', 'social', 'unix.stackexchange.com'],
    ['https://bsky.app/', 'Bluesky', 'social', 'bsky.app'],
    ['https://mastodon.social/', 'Mastodon', 'social', 'mastodon.social'],
    ['https://eur01.safelinks.protection.outlook.com/', 'Outlook', 'mail', 'eur01.safelinks.protection.outlook.com'],
    ['https://foo.us1.list-manage.com/', 'Mailchimp', 'mail', 'foo.us1.list-manage.com'],
    ['https://web.telegram.org/', 'Telegram', 'chat', 'web.telegram.org'],
    ['https://app.slack.com/', 'Slack', 'chat', 'app.slack.com'],
    ['https://teams.microsoft.com/', 'Teams', 'chat', 'teams.microsoft.com'],
    ['https://chatgpt.com/', 'ChatGPT', 'ai', 'chatgpt.com'],
    ['https://www.perplexity.ai/search/x', 'Perplexity', 'ai', 'perplexity.ai'],
    ['https://claude.ai/', 'Claude', 'ai', 'claude.ai'],
    ['android-app://com.google.android.gm/', 'Gmail', 'mail', 'com.google.android.gm'],
    ['android-app://com.google.android.googlequicksearchbox', 'Google', 'search', 'com.google.android.googlequicksearchbox'],
    ['android-app://com.slack', 'Slack', 'chat', 'com.slack'],
    ['ANDROID-APP://org.Telegram.messenger/', 'Telegram', 'chat', 'org.telegram.messenger'],
    ['android-app://com.example.reader/', 'com.example.reader', 'other', 'com.example.reader'],
  ])('has a name and a medium: %s is %s (%s)', (referrer, source, medium, host) => {
    expect(read(referrer)).toMatchObject({ source, medium, host });
  });

  it.each([
    ['https://blog.example.com/', 'example.com', 'blog.example.com'],
    ['https://www.example.co.uk/', 'example.co.uk', 'example.co.uk'],
    ['https://anna.github.io/', 'anna.github.io', 'anna.github.io'],
    ['https://user:secret@Example.ORG:8080/', 'example.org', 'example.org'],
    ['https://example.org./', 'example.org', 'example.org'],
    ['https://bücher.example/', 'xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['http://8.8.8.8/', '8.8.8.8', '8.8.8.8'],
    ['http://[2001:db8::1]:80/', '[2001:db8::1]', '[2001:db8::1]'],
    ['https://foo_bar.example.com/', 'example.com', 'foo_bar.example.com'],
  ])('from elsewhere is named by its registrable domain: %s is %s', (referrer, source, host) => {
    expect(read(referrer)).toMatchObject({ medium: 'other', source, host });
  });

  it.each([
    'https://google.com.evil.example/',
    'https://notgoogle.com/',
    'https://google.com@evil.example/',
    'https://google.blogspot.com/',
    'https://google.uk.com/',
    'https://google.pizza/',
    'https://google.evil/',
    'https://xgoogle.de/',
    'https://facebook.com-login.example/',
    'https://evil.example/google.com',
    'https://evil.example\\.google.com/',
    'https://gооgle.com/',
    'android-app://com.slack.evil/',
    'android-app://com.google.android.gm.evil/',
    'android-app://google.com/',
    'https://com.slack/',
  ])('does not pass for someone it only resembles: %s', (referrer) => {
    expect(read(referrer).medium).toBe('other');
  });

  it.each([
    ['https://e.example', '/'],
    ['https://e.example/', '/'],
    ['https://e.example?q=secret', '/'],
    ['https://e.example/a/b?q=secret#top', '/a/b'],
    ['https://e.example/a#b?c', '/a'],
    ['https://e.example/gr%C3%BC%C3%9Fe', '/grüße'],
    ['https://e.example/%E9t%E9', '/%E9t%E9'],
    ['https://e.example/100%', '/100%'],
    ['https://e.example/a%2Fb%3Fc', '/a%2Fb%3Fc'],
    ['https://e.example/a%0Ab%09c%7F', '/a%0Ab%09c%7F'],
    ['https://e.example/a\tb\u2028', '/a%09b%E2%80%A8'],
    ['https://e.example/\ud800', '/\ufffd'],
    ['https://e.example\\a', '/\\a'],
    [`https://e.example/${'😀'.repeat(600)}`, `/${'😀'.repeat(255)}`],
    ['android-app://com.google.android.gm', '/'],
    ['android-app://com.example.reader/https/e.example?q', '/https/e.example'],
  ])('has a path fit to be kept: %j gives %j', (referrer, path) => {
    expect(read(referrer).path).toBe(path);
  });

  it('is returned again as the same object', () => {
    expect(read('https://again.example/a')).toBe(read('https://again.example/a'));
  });

  it('has all fields and a known medium for any text', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
    const piece = fc.oneof(
      fc.constantFrom(
        'https://',
        'http://',
        'android-app://',
        'www.',
        '.',
        '/',
        '@',
        ':',
        '[',
        ']',
        '\\',
        '%',
        '%0a',
        '?',
        '#',
        'google.com',
        'com.slack',
      ),
      fc.webUrl(),
      fc.domain(),
      fc.string({ unit: 'binary' }),
      units,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const { medium, source, host, path } = read(pieces.join(''));
        expect(MEDIUMS).toContain(medium);
        expect(medium).not.toBe('internal');
        const there = medium !== 'direct';
        expect([source !== '', host !== '', path.startsWith('/')]).toEqual([there, there, there]);
        expect(host).toMatch(/^[a-z0-9_.:[\]-]{0,253}$/);
        expect([...path].length).toBeLessThanOrEqual(512);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is asked
        expect(path).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029?#]/);
        expect(path.isWellFormed()).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
