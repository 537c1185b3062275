// The browser of a person, such as "Firefox on Linux", as it is stored with sessions, passkeys and sign-ins.
import type { Text } from '../language/languages.js';

const UNKNOWN: Text = { en: 'Another program', de: 'Ein anderes Programm' };

/** `names`: of the browser and of its platform, as far as they are known. */
export function browserName(names: readonly string[]): string {
  return names.join(' on ') || UNKNOWN.en;
}

/** As pages show what is stored. */
export function browserText(stored: string): Text {
  return stored === UNKNOWN.en ? UNKNOWN : { en: stored, de: stored.replace(' on ', ' unter ') };
}
