// Links that sign in at the demo. They are served beside it, on a port of their own, because the service itself signs nobody
// in by a link. Cookies do not depend on ports, so the cookie that is set here is sent to the service.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const COOKIE_SECONDS = 100 * 86_400;

/**
 * `beginSession` returns the secret of a new session. Each link works once; then `onLink` gets the next one. The session
 * of a link begins before the link is shown, so that the service knows it when the link is used. `onFailed` is called when there
 * can be no next link.
 */
export async function openDoor({ beginSession, service, onLink, onFailed }) {
  const own = {};
  const prepare = async () => {
    Object.assign(own, { path: `/${randomBytes(16).toString('base64url')}`, session: await beginSession() });
    onLink(`http://127.0.0.1:${server.address().port}${own.path}`);
  };
  const server = createServer((req, res) => {
    const headers = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };
    if (req.method !== 'GET' || req.url !== own.path) {
      res.writeHead(404, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
      res.end('This link has been used. The demo has printed another one.\n');
      return;
    }
    const cookie = `hitherto=${own.session}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax`;
    own.path = undefined;
    res.writeHead(302, { ...headers, Location: service(), 'Set-Cookie': cookie }).end();
    prepare().catch(onFailed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await prepare();
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
