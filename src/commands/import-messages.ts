// Texts about imported logs: their recognised formats, and what was counted.

import type { Site } from '../hit/site.js';
import { cleanText } from '../hit/text.js';
import { ENVELOPES } from '../operations/import/formats/envelope.js';
import { formatNamed } from '../operations/import/formats/index.js';
import type { Recognition } from '../operations/import/formats/recognise.js';
import type { InspectedLog, NotALogFile } from '../operations/import/inspect-logs.js';
import { duration } from '../operations/import/progress.js';
import type { ImportSummary } from '../operations/import/run.js';
import type { GoesBack } from '../operations/import/time-order.js';
import type { FieldPositions, Role } from '../store/imports.js';

const HOST_CHARS_MAX = 100;
const PLACES_CHARS_MAX = 500;
const number = (n: number) => n.toLocaleString('en');

/** A log may contain any text as a host. */
function shownHost(host: string): string {
  return cleanText(host, HOST_CHARS_MAX);
}

const WORDS: ReadonlyArray<[string, readonly Role[]]> = [
  ['visitor', ['forwarded', 'address']],
  ['host', ['host']],
  ['time', ['time']],
  ['request', ['request', 'method', 'target']],
  ['status', ['status']],
  ['referrer', ['referrer']],
  ['browser', ['agent']],
];

const OF_TARGET = 'taken from the requested address if it contains one';

/** `visitor: field 1, host: none, …` */
function placesText(places: FieldPositions, hasWholeTargets: boolean): string {
  return WORDS.map(([word, roles]) => {
    const found = roles.flatMap((role) => places[role] ?? []);
    if (word === 'host' && found.length === 0 && hasWholeTargets) return `host: ${OF_TARGET}`;
    return `${word}: ${found.length === 0 ? 'none' : found.join(word === 'visitor' ? ', otherwise ' : ' and ')}`;
  }).join('; ');
}

/** The recognised formats of the logs. Logs with the same text are listed together. */
export function recognitionTexts(logs: ReadonlyArray<Pick<InspectedLog, 'name' | 'recognition'>>, site: Site): string {
  const names = new Map<string, string[]>();
  for (const { name, recognition } of logs) {
    const text = recognition === undefined ? 'no whole line yet' : recognitionText(recognition, site);
    names.set(text, [...(names.get(text) ?? []), name]);
  }
  return [...names]
    .map(([text, [first, ...more]]) => `${first}${more.length > 0 ? ` and ${number(more.length)} more` : ''}: ${text}\n`)
    .join('');
}

function recognitionText({ recognised, lines, fitting, zoneless, hosts, hasWholeTargets }: Recognition, site: Site): string {
  const envelope = ENVELOPES.find(({ key }) => key === recognised.envelope);
  const [first, ...more] = recognised.layouts.map(({ format }) => format);
  const also = more.length === 0 ? '' : `, and lines of the format ${more.join(' and ')}`;
  const title = formatNamed(first as string)?.title ?? first;
  const places = recognised.layouts.map(
    ({ places, format }) => `${more.length === 0 ? '' : `${format}: `}${placesText(places, hasWholeTargets)}`,
  );
  return [
    `format ${first} (${title})${envelope ? ` in lines of ${envelope.title}` : ''}${also}`,
    ...places.map((text) => cleanText(text, PLACES_CHARS_MAX)),
    ...(fitting < lines ? [`${number(fitting)} of its first ${number(lines)} lines can be read`] : []),
    ...(recognised.layouts.some(({ agentless }) => agentless)
      ? ['its lines do not name browsers, so bots cannot be distinguished from people']
      : []),
    ...(zoneless ? [`its times have no time zone, so they are read in the time zone of the site, ${site.timezone}`] : []),
    ...(site.hosts.length === 0 && hosts.size > 1 ? [manyHosts([...hosts.keys()])] : []),
  ].join('\n  ');
}

function manyHosts(hosts: readonly string[]): string {
  const shown = hosts.slice(0, HOSTS_SHOWN).map(shownHost).join(', ');
  const more = hosts.length > HOSTS_SHOWN ? ' …' : '';
  return `its lines name several hosts (${shown}${more}), and the site has no hosts set, so all of them are counted`;
}

export function filesBeforeText(files: number): string {
  return `${number(files)} ${files === 1 ? 'file was' : 'files were'} counted before\n`;
}

export function notALogText({ name, reason }: NotALogFile): string {
  return `left out: ${name} ${reason}\n`;
}

/** The most hosts that are listed. */
const HOSTS_SHOWN = 5;

/** Lists the hosts of a log that names several, if the site has no hosts. */
export function hostsText(hosts: Readonly<Record<string, number>>, id: string): string[] {
  const sorted = Object.entries(hosts).sort(([, a], [, b]) => b - a);
  if (sorted.length < 2) return [];
  const shown = sorted.slice(0, HOSTS_SHOWN).map(([host, views]) => `${shownHost(host)} ${number(views)}`);
  const more = sorted.length > HOSTS_SHOWN ? ' …' : '';
  return [
    '  the log names several hosts, and the site has no hosts set, so all of them are counted: ' +
      `${shown.join(', ')}${more}; to leave out others: hitherto site set ${id} --host <name>, before the import`,
  ];
}

function goesBackText({ line, ms }: GoesBack, isRest: boolean): string {
  return (
    `  at line ${number(line)}${isRest ? ' of the new lines' : ''} its times go back by ${duration(ms / 1000)}: ` +
    'if the file was ' +
    'joined from logs that have lines in common, these lines are counted twice; import the logs as separate files instead, ' +
    'so that each line is counted once'
  );
}

function linesBesideText(lines: number): string {
  return (
    `  ${number(lines)} of the lines are from times of other counted logs that do not contain them: they are counted as lines ` +
    'of another machine; if they are the same requests, filtered or written differently, these are counted twice'
  );
}

/** Smaller shares are not mentioned, because a log that follows another one may have a few lines from the same seconds. */
const BESIDE_SHARE_MIN = 0.2;

export interface ImportedLog {
  readonly name: string;
  /** The id of the site. */
  readonly site: string;
  readonly summary: ImportSummary;
  /** The last counted day, if there was a limit. */
  readonly until: string | undefined;
  readonly seconds: number;
}

export function summaryText({ name, site, summary, until, seconds }: ImportedLog): string {
  const { lines, counted, leftOut, firstDay, lastDay, countedBefore, linesBeside, hosts, goesBack } = summary;
  const { unfinishedLine, complete } = summary;
  const width = number(lines).length;
  const row = (n: number, text: string) => `  ${number(n).padStart(width)}  ${text}`;
  const reasons = Object.entries(leftOut).sort(([, a], [, b]) => b - a);
  const known = leftOut['counted-before'] ?? 0;
  const isAllKnown = lines > 0 && known === lines;
  const nothing = (lines === 0 && countedBefore > 0) || isAllKnown;
  const why = (reason: string) => (reason === 'later-day' && until !== undefined ? ` (after ${until})` : '');
  const days = firstDay === '' ? '' : `, ${firstDay} to ${lastDay}`;
  const speed = `${duration(seconds)} (${number(Math.round(lines / seconds))} lines/s)`;
  return `${[
    nothing && complete ? `${name}: already counted, nothing new` : `${name}: ${number(lines)} lines in ${speed}${days}`,
    ...(lines > 0 && !isAllKnown
      ? [row(counted, 'counted'), ...reasons.map(([reason, hits]) => row(hits, `left out: ${reason}${why(reason)}`))]
      : []),
    ...(countedBefore > 0 && !nothing ? [`  its first ${number(countedBefore)} bytes were counted before`] : []),
    ...(linesBeside > (known > 0 ? 0 : lines * BESIDE_SHARE_MIN) ? [linesBesideText(linesBeside)] : []),
    ...(goesBack === undefined ? [] : [goesBackText(goesBack, countedBefore > 0)]),
    ...hostsText(hosts, site),
    ...(unfinishedLine ? ['  its last line is incomplete and will be counted by the next import'] : []),
    ...(complete ? [] : ['  stopped: the lines above are counted; the same command continues the import']),
  ].join('\n')}\n`;
}
