// What reports show, as people read it in forms and tables.
import type { Text } from '../../language/languages.js';

const GERMAN: Readonly<Record<string, string>> = {
  traffic: 'Seitenaufrufe und Besucher nach Tag und Stunde',
  minutes: 'Seitenaufrufe nach Minuten',
  content: 'Seiten, Einstiegs- und Ausstiegsseiten',
  pages: 'Einzelheiten jeder Seite',
  referrers: 'Herkunft der Besuche',
  technology: 'Browser, Betriebssysteme, Geräte und Sprachen',
  visitors: 'Neue und wiederkehrende Besucher',
  visits: 'Besuche, ihre Dauer und Absprungrate',
  engagement: 'Lesezeiten und Scrolltiefe',
  retention: 'Wiederkehr von Besuchern',
  hostnames: 'Hostnamen',
  refusals: 'Nicht gezählte Zugriffe',
  live: 'Seitenaufrufe und Ereignisse, sobald sie eintreffen',
};

/** `english`: what the report calls itself. A report without a German name keeps it. */
export function reportText(name: string, english: string): Text {
  return { en: english, de: Object.hasOwn(GERMAN, name) ? (GERMAN[name] as string) : english };
}
