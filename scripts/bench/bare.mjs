// The baseline: a Node http server that answers the same GIF with the same headers and does nothing else. `usual`:
// written as usual; `tuned`: as the beacon does it, with headers as a list and one text.
import { createServer } from 'node:http';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
const HEADERS = {
  'Content-Type': 'image/gif',
  'Content-Length': String(GIF.length),
  'Cache-Control': 'no-store',
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};
const LIST = Object.entries(HEADERS).flat();
const TEXT = GIF.toString('latin1');

const usual = (_req, res) => {
  res.writeHead(200, HEADERS);
  res.end(GIF);
};
const tuned = (_req, res) => {
  res.writeHead(200, LIST);
  res.end(TEXT, 'latin1');
};

const server = createServer(process.argv[2] === 'tuned' ? tuned : usual);
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
