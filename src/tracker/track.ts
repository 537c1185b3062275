// The tracker: counts views, events and reading time from a page, without ever throwing into it or delaying it.
import { begin, measure, second, take, watch } from './engagement.js';
import { follow } from './navigation.js';
import { type Options, readOptions } from './options.js';
import { advance, oneAtATime } from './record.js';
import { safely } from './safely.js';
import { type Fields, ask, post } from './send.js';

type Call = ArrayLike<unknown>;

interface Scope {
  hitherto?: ((...call: unknown[]) => void) & { q?: Call[] };
  [loaded: `_hitherto_${string}`]: unknown;
}

function start([site, api, hash, auto, record]: Options): void {
  const scope = window as unknown as Scope;
  const name = `_hitherto_${site}` as const;
  if (!site || scope[name]) return; // a snippet that stands twice counts once
  scope[name] = 1;

  /** The document's path when it was last counted. */
  let counted: string | undefined;
  /** Address and time of the view that pings belong to. */
  let viewed = '';
  let viewedAt = 0;
  /** Where the next view comes from: after the first one of a document, the view before. */
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
    if (news) post(api, fieldsOf('p', viewed, { ...news, z: Math.max(0, seconds() - viewedAt) }));
  };

  const view = (given?: unknown) => {
    const at = given ? new URL(given as string, location.href) : location;
    ping(); // of the view that ends here
    begin();
    [counted] = pageOf(location);
    const [path, address] = pageOf(at);
    const now = seconds();
    viewed = address;
    viewedAt = now;
    const fields = fieldsOf('', address, {
      r: referrer,
      t: document.title,
      sw: screen.width,
      ww: innerWidth,
      wh: innerHeight,
    });
    referrer = address;
    oneAtATime(name, () => {
      let putBack: (() => void) | undefined;
      safely(() => {
        if (record) putBack = advance(name, fields, path, now);
      })();
      // A request that is broken off because the page is left has most likely arrived: the record stays moved on.
      ask(api, fields, () => document.hidden || oneAtATime(name, safely(putBack as () => void)));
    });
  };

  const run = safely((call: Call) => {
    if (call[0] === 'view') view(call[1]);
    if (call[0] === 'event' && call[1]) {
      const ep = JSON.stringify(call[2], (key, value) => (!key || /^(st|nu|bo)/.test(typeof value) ? value : undefined));
      post(api, fieldsOf('e', pageOf(location)[1], { en: call[1] as string, ep }));
    }
  });

  const leave = () => {
    if (isCounted()) measure(); // else the document is already another page than the view's
    ping();
  };
  const count = () => {
    if (auto) safely(view)();
    watch(safely(() => isCounted() && second()));
    // at the window and on the way down, which works for events of the document and of the window alike
    addEventListener('visibilitychange', safely(leave), true);
    addEventListener('pagehide', safely(leave), true);
    if (auto) follow(() => isCounted() || view(), view);
  };

  const queue: Call[] = scope.hitherto?.q || [];
  scope.hitherto = (...call) => queue.push(call);
  const open = () => {
    safely(count)();
    queue.forEach(run);
    queue.push = run as typeof queue.push;
  };
  // a page that is only being made ready in case someone comes has not been seen
  if ((document as Document & { prerendering?: boolean }).prerendering) addEventListener('prerenderingchange', open, true);
  else open();
}

safely(() => start(readOptions()))();
