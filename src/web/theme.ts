// In which colours a page is sent: those of its address (`?theme=dark`, for share links), else those chosen in this browser,
// else those of the system. The server decides it, so that no page begins in the other colours.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { CHOICE_MS, choiceCookie } from './choice-cookies.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const COOKIE = 'hitherto-theme';

export function isTheme(text: string | undefined): text is Theme {
  return THEMES.includes(text as Theme);
}

export function themeOf({ url = '', headers: { cookie = '' } }: IncomingMessage): Theme {
  const inAddress = /[?&]theme=([a-z]+)(?:&|$)/.exec(url)?.[1];
  if (isTheme(inAddress)) return inAddress;
  const inCookie = /(?:^|; *)hitherto-theme=([a-z]+)/.exec(cookie)?.[1];
  return isTheme(inCookie) ? inCookie : 'system';
}

/** Without a cookie, pages follow the system. */
export function storeTheme(res: Response, theme: Theme, publicUrl: string): void {
  if (theme === 'system') res.clearCookie(COOKIE, choiceCookie(publicUrl));
  else res.cookie(COOKIE, theme, { ...choiceCookie(publicUrl), maxAge: CHOICE_MS });
}
