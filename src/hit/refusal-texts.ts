// Why hits are not counted, and what to do about it, for the owner of the site. The server's pages and the dashboard use it.
import type { NotCounted } from './refusal.js';

type Reasons = Readonly<Record<NotCounted, string>>;

/** By its reason. Each is the rest of a sentence that begins with the reason. */
export type Advice = Readonly<Partial<Record<NotCounted, string>>>;

export const REASONS_EN: Reasons = {
  'unknown-site': 'Unknown site',
  'foreign-host': 'From another host',
  'local-page': 'Local pages',
  'excluded-address': 'From an excluded address',
  'excluded-path': 'On an excluded path',
  bot: 'Bots',
  prefetch: 'Loaded in advance, perhaps never seen',
  'stale-ping': 'Reading times that came too late',
  'bad-event': 'Events without a valid name',
  'too-large': 'Too large',
  method: 'Other HTTP methods',
  'too-many': 'Too many in a short time',
  asset: 'Files that are not pages',
  status: 'Answered with an error',
  'unreadable-line': 'Unreadable log lines',
  'not-a-page': 'Feeds and other requests by programs',
  'future-line': 'Log lines from the future',
};

export const REASONS_DE: Reasons = {
  'unknown-site': 'Unbekannte Website',
  'foreign-host': 'Von einem anderen Host',
  'local-page': 'Lokale Seiten',
  'excluded-address': 'Von einer ausgeschlossenen Adresse',
  'excluded-path': 'Auf einem ausgeschlossenen Pfad',
  bot: 'Bots',
  prefetch: 'Im Voraus geladen, vielleicht nie gesehen',
  'stale-ping': 'Lesezeiten, die zu spät kamen',
  'bad-event': 'Ereignisse ohne gültigen Namen',
  'too-large': 'Zu groß',
  method: 'Andere HTTP-Methoden',
  'too-many': 'Zu viele in kurzer Zeit',
  asset: 'Dateien, die keine Seiten sind',
  status: 'Mit einem Fehler beantwortet',
  'unreadable-line': 'Unlesbare Protokollzeilen',
  'not-a-page': 'Feeds und andere Anfragen von Programmen',
  'future-line': 'Protokollzeilen aus der Zukunft',
};

/** `hosts`: of the site, as people read them. */
export function adviceEn(hosts: readonly string[]): Advice {
  return {
    'foreign-host':
      `this site counts only pages on ${hosts.join(', ')}. If the other host belongs to the site, add it to the host names in ` +
      'the settings.',
    'local-page':
      'pages on localhost, in a private network or opened as a file are not counted, unless the settings list their host. Open ' +
      'the published page.',
    'excluded-address': 'the settings exclude the address that they came from.',
    'excluded-path': 'the settings exclude the path of the page.',
    bot: 'programs, and browsers that a program controls, are not counted. Open your page in an ordinary browser.',
    prefetch: 'browsers load pages in advance. Such a page is counted when somebody looks at it.',
    'stale-ping': 'the reading time arrived more than a day after its view.',
    'bad-event': "an event needs a name, such as hitherto('event', 'sign up').",
    'too-many': 'more came at once than one address or one site may send. Later ones are counted.',
  };
}

/** `hosts`: of the site, as people read them. */
export function adviceDe(hosts: readonly string[]): Advice {
  return {
    'foreign-host':
      `Diese Website zählt nur Seiten auf ${hosts.join(', ')}. Wenn der andere Host zur Website gehört, fügen Sie ihn ` +
      'in den Einstellungen zu den Hostnamen hinzu.',
    'local-page':
      'Seiten auf localhost, in einem privaten Netz oder als Datei geöffnet werden nicht gezählt, außer wenn ihr Host in den ' +
      'Einstellungen steht. Öffnen Sie die veröffentlichte Seite.',
    'excluded-address': 'Die Einstellungen schließen die Adresse aus, von der sie kamen.',
    'excluded-path': 'Die Einstellungen schließen den Pfad der Seite aus.',
    bot:
      'Programme und Browser, die ein Programm steuert, werden nicht gezählt. Öffnen Sie Ihre Seite in einem gewöhnlichen ' +
      'Browser.',
    prefetch: 'Browser laden Seiten im Voraus. Eine solche Seite wird gezählt, wenn jemand sie ansieht.',
    'stale-ping': 'Die Lesezeit kam mehr als einen Tag nach ihrem Seitenaufruf an.',
    'bad-event': "Ein Ereignis braucht einen Namen, etwa hitherto('event', 'sign up').",
    'too-many': 'Es kamen mehr auf einmal, als eine Adresse oder eine Website senden darf. Spätere werden gezählt.',
  };
}

/** A later version may have counted other reasons. */
export function reasonName(reason: string, reasons: Reasons): string {
  return Object.hasOwn(reasons, reason) ? reasons[reason as NotCounted] : reason;
}

/** Undefined: there is nothing to do. */
export function adviceOn(reason: string, advice: Advice): string | undefined {
  return Object.hasOwn(advice, reason) ? advice[reason as NotCounted] : undefined;
}
