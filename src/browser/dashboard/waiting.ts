// What stands on the page of a site that nobody has viewed yet: whether anything has come at all, and why it was not counted.
import { fetchReport } from './answers.js';
import { element, make } from './dom.js';
import { number, reasonName } from './format.js';

/** As long as a new site is waited for. */
const PERIOD = 'year';

export interface Waiting {
  begin(): Promise<void>;
  /** Says what has come since. */
  refresh(): Promise<void>;
  end(): void;
}

/** `hosts`: those that the site lists, with spaces between them. */
export function createWaiting(site: string, hosts: string): Waiting {
  const root = element('waiting', HTMLElement);
  const refused = element('waiting-refused', HTMLElement);
  let isEnded = false;

  const refresh = async (): Promise<void> => {
    if (root.hidden) return;
    const { total, rows } = await fetchReport(site, 'refusals', { period: PERIOD });
    refused.hidden = total.refused === 0;
    const items = rows.map(({ key, hits }) => {
      const name = make('strong', {}, `${number(hits)} × ${reasonName(key)}`);
      return make('li', {}, name, ...adviceOf(key, site, hosts));
    });
    const come = `${number(total.refused)} ${total.refused === 1 ? 'hit has' : 'hits have'} come, but could not be counted:`;
    refused.replaceChildren(make('p', {}, come), make('ul', {}, ...items));
  };

  return {
    begin() {
      root.hidden = isEnded;
      return refresh();
    },
    refresh,
    end() {
      isEnded = root.hidden = true;
    },
  };
}

const EXAMPLE = 'www.example.com';

/** What to do about it. */
function adviceOf(reason: string, site: string, hosts: string): Array<Node | string> {
  const set = (option: string) => make('code', {}, `hitherto site set ${site} ${option}`);
  const all = hosts === '' ? [EXAMPLE] : hosts.split(' ');
  const withHosts = (more: string) => set([...all, more].map((host) => `--host ${host}`).join(' '));
  switch (reason) {
    case 'bot':
      return [': programs and browsers that are driven by one are not counted. Open your page in an ordinary browser.'];
    case 'foreign-host':
      return [
        `: this site counts only pages on ${all.join(', ')}. To count another host as well: `,
        withHosts('www.example.com'),
      ];
    case 'local-page':
      return [
        ': pages on localhost, in a private network or opened as a file are not counted, unless the site names their host beside its own. Open the published page, or: ',
        withHosts('localhost'),
      ];
    case 'excluded-address':
      return [': the site leaves out this visitor’s address. To leave out none: ', set('--exclude ""')];
    case 'prefetch':
      return [': browsers load pages ahead; such a page counts when somebody looks at it.'];
    case 'stale-ping':
      return [': what was told of a view came more than a day after it.'];
    case 'bad-event':
      return [': an event needs a name: ', make('code', {}, "hitherto('event', 'sign up')")];
    default:
      return [];
  }
}
