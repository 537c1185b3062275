// The origins of the population's views, and how each must be counted.

export interface Origin {
  readonly medium: string;
  readonly source: string;
  readonly host: string;
  readonly path: string;
}

export const DIRECT: Origin = { medium: 'direct', source: '', host: '', path: '' };
export const INTERNAL: Origin = { medium: 'internal', source: '', host: '', path: '' };

const row = (address: string, medium: string, source: string, host: string, path: string) => ({
  address,
  origin: { medium, source, host, path },
});

export const OUTSIDE: ReadonlyArray<{ readonly address: string; readonly origin: Origin }> = [
  row('https://www.google.com/', 'search', 'Google', 'google.com', '/'),
  row('https://www.google.de/', 'search', 'Google', 'google.de', '/'),
  row('https://duckduckgo.com/?q=x', 'search', 'DuckDuckGo', 'duckduckgo.com', '/'),
  row('https://www.bing.com/search?q=y', 'search', 'Bing', 'bing.com', '/search'),
  row('https://news.paper.org/story/1', 'other', 'paper.org', 'news.paper.org', '/story/1'),
  row('https://news.paper.org/story/2', 'other', 'paper.org', 'news.paper.org', '/story/2'),
  row('https://www.paper.org/', 'other', 'paper.org', 'paper.org', '/'),
  row('https://friend.blogspot.com/caf%C3%A9', 'other', 'friend.blogspot.com', 'friend.blogspot.com', '/café'),
  row('http://[2001:db8::1]:3000/x', 'other', '[2001:db8::1]', '[2001:db8::1]', '/x'),
  { address: 'http://[::1]:3000/x', origin: DIRECT },
  row('android-app://com.google.android.gm/', 'mail', 'Gmail', 'com.google.android.gm', '/'),
  row('https://www.facebook.com/', 'social', 'Facebook', 'facebook.com', '/'),
  row('https://chatgpt.com/', 'ai', 'ChatGPT', 'chatgpt.com', '/'),
];
