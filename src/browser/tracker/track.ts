// The tracker: counts views, events and reading time from a page, without ever throwing into it or delaying it.
import { begin, measure, second, take, watch } from './engagement.js';
import { isExcluded } from './excluded.js';
import { follow } from './navigation.js';
import { type Options, readOptions } from './options.js';
import { advance, oneAtATime } from './record.js';
import { safely } from './safely.js';
import { ask, type Fields, post } from './send.js';

/** * Frameworks set the title after the address, often only when the page's data has arrived. The tracker checks this often,
 * at this interval, whether it has changed.
 */
const TITLE_LOOKS_MAX = 10;
const TITLE_LOOK_MS = 100;

type Call = ArrayLike<unknown>;

interface Scope {
  hitherto?: ((...call: unknown[]) => void) & { q?: Call[] };
  [loaded: `_hitherto_${string}`]: unknown;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure compresses best, and the script must stay small
function start([site, api, hash, auto, record]: Options): void {
  const scope = window as unknown as Scope;
  const name = `_hitherto_${site}` as const;
  if (!site || scope[name]) return; // a snippet that is on the page twice counts once
  scope[name] = 1;
  if (isExcluded()) {
    scope.hitherto = () => {}; // the page may call it
    return;
  }

  /** The path of the document when it was last counted. */
  let counted: string | undefined;
  /** Address of the view that pings belong to; `viewedAt` is its time in seconds since 1970. */
  let viewed: string | undefined;
  let viewedAt: number;
  /** Sends the newest view, which waits for its title; `undefined` once it is sent. */
  let send: ((isLast: boolean) => void) | undefined;
  /** The title of the newest sent view, as of a second ago. */
  let title: string | undefined | false;
  /** The referrer of the next view: after the first view of a document, the previous view. */
  let referrer = document.referrer;

  const pageOf = (at: Location | URL): [path: string, address: string] => {
    const route = hash && at.hash[1] === '/' ? at.hash : '';
    return [at.pathname + route, at.href.split('#')[0] + route];
  };
  const isCounted = () => pageOf(location)[0] === counted;
  const seconds = () => Math.floor(Date.now() / 1000);
  const fieldsOf = (k: string, u: string, more: Fields): Fields => ({
    s: site,
    k,
    u,
    mt: navigator.maxTouchPoints > 1 ? 1 : '',
    ...more,
  });

  const ping = () => {
    const news = viewed && take();
    if (news) post(api, fieldsOf('p', viewed as string, { ...news, z: Math.max(0, seconds() - viewedAt) }));
  };

  /** `isRouted`: the page changed its own address, and may still have the title of the previous page. */
  const view = (given?: unknown, isRouted?: boolean) => {
    const at = given ? new URL(given as string, location.href) : location;
    if (send) send(true);
    ping(); // for the view that ends here
    begin();
    [counted] = pageOf(location);
    const [path, address] = pageOf(at);
    const now = seconds();
    viewed = address;
    viewedAt = now;
    const fields = fieldsOf('', address, {
      r: referrer,
      sw: screen.width,
      ww: innerWidth,
      wh: innerHeight,
    });
    referrer = address;
    title = isRouted && title;
    let looks = TITLE_LOOKS_MAX;
    /** `undefined` until the record is advanced; `true` if there is no record. */
    let putBack: (() => void) | boolean | undefined = !record;
    const moveOn = safely(() => (putBack = putBack || advance(name, fields, path, now)));
    const look = (isLast?: boolean) => {
      const isOld = document.title === title;
      if (send !== look) return; // already sent
      if (isOld && !isLast && --looks) setTimeout(look, TITLE_LOOK_MS);
      else {
        send = undefined;
        moveOn();
        // if two pages share a title, the second one is sent without: the server keeps the newest title of each page
        if (!isOld) fields.t = title = document.title;
        // A view that is not counted must not begin a visit, nor make the next one of the day a second one. But
        // a request that is aborted because the visitor leaves has most likely arrived, so the record stays advanced
        ask(api, fields, () => document.hidden || oneAtATime(name, safely(putBack as () => void)));
      }
    };
    send = look;
    oneAtATime(name, isRouted ? moveOn : look);
    if (isRouted) setTimeout(look, TITLE_LOOK_MS);
  };

  const run = safely((call: Call) => {
    if (call[0] === 'view') view(call[1]);
    if (call[0] === 'event' && call[1]) {
      const ep = JSON.stringify(call[2], (key, value) => (!key || /^[sn]|bo/.test(typeof value) ? value : undefined));
      post(api, fieldsOf('e', pageOf(location)[1], { en: call[1] as string, ep }));
    }
  });

  const viewNew = () => auto && (isCounted() || view('', true));
  const moved = () => {
    if (isCounted()) return;
    if (send) send(true); // before the page sets the title of the next view
    setTimeout(safely(viewNew)); // once for all changes of a task: a page that redirects at once was never shown
  };
  const leave = () => {
    viewNew();
    if (send) send(true);
    if (isCounted()) measure(); // otherwise the document is already another page
    ping();
  };
  const tick = () => {
    if (!send) title = document.title;
    if (isCounted()) second();
  };
  const count = () => {
    if (auto) safely(view)();
    watch(safely(tick));
    // on the window in the capture phase, which works for events of the document and of the window
    addEventListener('visibilitychange', safely(leave), true);
    addEventListener('pagehide', safely(leave), true);
    if (auto) follow(safely(moved), view);
  };

  const queue: Call[] = (scope.hitherto || ({} as { q?: Call[] })).q || [];
  scope.hitherto = (...call) => queue.push(call);
  const open = () => {
    safely(count)();
    queue.forEach(run);
    queue.push = run as typeof queue.push;
  };
  // nobody has seen a prerendered page yet
  if ((document as Document & { prerendering?: boolean }).prerendering) addEventListener('prerenderingchange', open, true);
  else open();
}

safely(() => start(readOptions()))();
