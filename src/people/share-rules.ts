// The rules for new share links: the same for the page, the API and the command line.
import type { Text } from '../language/languages.js';
import { DAY_MS } from '../time/units.js';
import type { NewShare, Share } from './shares.js';

export const SHARE_TITLE_CODEPOINTS_MAX = 100;
export const SHARE_PASSWORD_CODEPOINTS_MAX = 500;
export const SHARE_DAYS_MAX = 3650;

/** The newest hits, which a share can show beside reports. It is chosen by this name, like a report. */
export const LIVE = 'live';
/** In every share: the page is built around it, and all other reports contain the number of views as well. */
const ALWAYS = 'traffic';

export type ShareField = 'title' | 'password' | 'until' | 'reports';

export interface ShareProblem {
  readonly field: ShareField;
  /** A sentence that says what is wrong and what to do. */
  readonly message: string;
  /** The same for pages. */
  readonly text: Text;
}

/** Everything that a share can be limited to. `reports`: the names of all reports. */
function shareable(reports: readonly string[]): string[] {
  return [...reports, LIVE];
}

/** Those of them that somebody can choose or leave out. */
export function choosable(reports: readonly string[]): string[] {
  return shareable(reports).filter((name) => name !== ALWAYS);
}

/** `text`: a number of days. Undefined if it is empty, and NaN if it is no such number. */
export function endAfterDays(text: string, nowMs: number): number | undefined {
  const days = text.trim();
  if (days === '') return undefined;
  return /^[1-9]\d{0,3}$/.test(days) ? nowMs + Number(days) * DAY_MS : Number.NaN;
}

/** `reports`: the names of all reports. Returns the share in its normal form, or what is wrong with it. */
export function checkShare(
  share: Omit<NewShare, 'site'>,
  { nowMs, reports }: { readonly nowMs: number; readonly reports: readonly string[] },
): { readonly checked: Omit<NewShare, 'site'> } | { readonly problem: ShareProblem } {
  const title = share.title.trim();
  const { password, untilMs } = share;
  const names = shareable(reports);
  const unknown = share.reports?.find((name) => !names.includes(name));
  const problem = (field: ShareField, text: Text) => ({ problem: { field, message: text.en, text } });

  if (title === '' || [...title].length > SHARE_TITLE_CODEPOINTS_MAX || /\p{Cc}/u.test(title))
    return problem('title', {
      en: `Give the link a title of one line and at most ${SHARE_TITLE_CODEPOINTS_MAX} characters.`,
      de: `Geben Sie dem Link einen Titel in einer Zeile und mit höchstens ${SHARE_TITLE_CODEPOINTS_MAX} Zeichen.`,
    });
  if ([...password].length > SHARE_PASSWORD_CODEPOINTS_MAX)
    return problem('password', {
      en: `The password is too long: use at most ${SHARE_PASSWORD_CODEPOINTS_MAX} characters.`,
      de: `Das Passwort ist zu lang: Verwenden Sie höchstens ${SHARE_PASSWORD_CODEPOINTS_MAX} Zeichen.`,
    });
  if (untilMs !== undefined && !(untilMs > nowMs && untilMs <= nowMs + SHARE_DAYS_MAX * DAY_MS))
    return problem('until', {
      en: `A link can end within 1 to ${SHARE_DAYS_MAX} days. Without an end, it works until it is revoked.`,
      de: `Ein Link kann in 1 bis ${SHARE_DAYS_MAX} Tagen enden. Ohne Ende gilt er, bis er widerrufen wird.`,
    });
  if (unknown !== undefined)
    return problem('reports', {
      en: `There is a report that a link cannot show. Choose from ${names.join(', ')}.`,
      de: `Einen Bericht kann ein Link nicht zeigen. Wählen Sie aus: ${names.join(', ')}.`,
    });
  const chosen = share.reports && names.filter((name) => name === ALWAYS || share.reports?.includes(name));
  return { checked: { ...share, title, reports: chosen } };
}

/** Whether a share shows this report, or `live`. */
export function isShared({ reports }: Pick<Share, 'reports'>, name: string): boolean {
  return reports === undefined || reports.includes(name);
}
