// What is said of logs that are imported: what they were taken for, and what was counted of them.

import type { Site } from '../hit/site.js';
import { cleanText } from '../hit/text.js';
import { ENVELOPES } from '../operations/import/formats/envelope.js';
import { formatNamed } from '../operations/import/formats/index.js';
import type { Recognition } from '../operations/import/formats/recognise.js';
import type { InspectedLog, NotALogFile } from '../operations/import/inspect-logs.js';
import { duration } from '../operations/import/progress.js';
import type { ImportSummary } from '../operations/import/run.js';
import type { GoesBack } from '../operations/import/time-order.js';
import type { Places, Role } from '../store/imports.js';

const HOST_CHARS_MAX = 100;
const PLACES_CHARS_MAX = 500;
const number = (n: number) => n.toLocaleString('en');

/** A host may be called anything in a log. */
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

const OF_TARGET = 'that of the address that was asked for, where this names one';

/** `visitor: field 1, host: none, …` */
function placesText(places: Places, hasWholeTargets: boolean): string {
  return WORDS.map(([word, roles]) => {
    const found = roles.flatMap((role) => places[role] ?? []);
    if (word === 'host' && found.length === 0 && hasWholeTargets) return `host: ${OF_TARGET}`;
    return `${word}: ${found.length === 0 ? 'none' : found.join(word === 'visitor' ? ', else ' : ' and ')}`;
  }).join('; ');
}

/** What the logs were taken for, told once of those that are alike. */
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
    ...(fitting < lines ? [`of its first ${number(lines)} lines ${number(fitting)} can be read`] : []),
    ...(recognised.layouts.some(({ agentless }) => agentless)
      ? ['these lines name no browsers: programs (bots) cannot be told from people']
      : []),
    ...(zoneless ? [`its times name no time zone: they are taken for those of the site, ${site.timezone}`] : []),
    ...(site.hosts.length === 0 && hosts.size > 1 ? [manyHosts([...hosts.keys()])] : []),
  ].join('\n  ');
}

function manyHosts(hosts: readonly string[]): string {
  const shown = hosts.slice(0, HOSTS_SHOWN).map(shownHost).join(', ');
  return `these lines are of several hosts (${shown}${hosts.length > HOSTS_SHOWN ? ' …' : ''}), and the site has none set: all of them are counted`;
}

export function filesBeforeText(files: number): string {
  return `${number(files)} ${files === 1 ? 'file was' : 'files were'} counted before\n`;
}

export function notALogText({ name, reason }: NotALogFile): string {
  return `left out: ${name} ${reason}\n`;
}

/** Of more hosts only the number is told. */
const HOSTS_SHOWN = 5;

/** Of a log that names several hosts, for a site that has none; else nothing. */
export function hostsText(hosts: Readonly<Record<string, number>>, id: string): string[] {
  const sorted = Object.entries(hosts).sort(([, a], [, b]) => b - a);
  if (sorted.length < 2) return [];
  const shown = sorted.slice(0, HOSTS_SHOWN).map(([host, views]) => `${shownHost(host)} ${number(views)}`);
  const more = sorted.length > HOSTS_SHOWN ? ' …' : '';
  return [
    `  the log names several hosts, and the site has none set, so all of them are counted: ${shown.join(', ')}${more}; to leave out others: hitherto site set ${id} --host <name>, before the import`,
  ];
}

function goesBackText({ line, ms }: GoesBack, isRest: boolean): string {
  return `  at line ${number(line)}${isRest ? ' of what is new' : ''} its times go back by ${duration(ms / 1000)}: where logs were joined in it that have lines in common, these are counted twice; give the logs as files of their own instead, and each line is counted once`;
}

/**
 * Where one log follows another, a few lines of both may be from the same seconds: of logs that have no lines in
 * common these are not told.
 */
const BESIDE_TOLD = 0.2;

export function summaryText(
  name: string,
  id: string,
  summary: ImportSummary,
  until: string | undefined,
  seconds: number,
): string {
  const { lines, counted, leftOut, firstDay, lastDay, countedBefore, linesBeside, hosts, goesBack, unfinishedLine, complete } =
    summary;
  const width = number(lines).length;
  const row = (n: number, text: string) => `  ${number(n).padStart(width)}  ${text}`;
  const reasons = Object.entries(leftOut).sort(([, a], [, b]) => b - a);
  const known = leftOut['counted-before'] ?? 0;
  const isAllKnown = lines > 0 && known === lines;
  const nothing = (lines === 0 && countedBefore > 0) || isAllKnown;
  const why = (reason: string) => (reason === 'later-day' && until !== undefined ? ` (after ${until})` : '');
  return `${[
    nothing && complete
      ? `${name}: already counted, nothing new`
      : `${name}: ${number(lines)} lines in ${duration(seconds)} (${number(Math.round(lines / seconds))} lines/s)${firstDay === '' ? '' : `, ${firstDay} to ${lastDay}`}`,
    ...(lines > 0 && !isAllKnown
      ? [row(counted, 'counted'), ...reasons.map(([reason, hits]) => row(hits, `left out: ${reason}${why(reason)}`))]
      : []),
    ...(countedBefore > 0 && !nothing ? [`  its first ${number(countedBefore)} bytes had been counted before`] : []),
    ...(linesBeside > (known > 0 ? 0 : lines * BESIDE_TOLD)
      ? [
          `  ${number(linesBeside)} of the lines are from times of which other logs were counted, and are none of those: they are counted as well, as lines of another machine; if they are the same requests, cut out or written otherwise, these are counted twice`,
        ]
      : []),
    ...(goesBack === undefined ? [] : [goesBackText(goesBack, countedBefore > 0)]),
    ...hostsText(hosts, id),
    ...(unfinishedLine ? ['  its last line has no end yet and waits for the next import'] : []),
    ...(complete ? [] : ['  stopped: what is said above is counted; the same command goes on from there']),
  ].join('\n')}\n`;
}
