import { describe, expect, it } from '@jest/globals';
import { pixelSnippet, scriptSnippet } from './snippet.js';

const site = { id: 'garden', storage: 'record', signals: 'without-record' } as const;

describe('a snippet', () => {
  it('names the service in readable form in the script', () => {
    const snippet = scriptSnippet(site, 'https://stats.xn--mller-kva.example:8443/stats');
    expect(snippet).toBe('<script defer src="https://stats.müller.example:8443/stats/track.js" data-site="garden"></script>');
    expect(scriptSnippet(site, 'https://xn--ggle-55da.example')).toContain('"https://xn--ggle-55da.example/track.js"');
  });

  it('names it in ASCII in the image for mails', () => {
    expect(pixelSnippet(site, 'https://xn--mller-kva.example')).toContain(
      '"https://xn--mller-kva.example/a.gif?s=garden&amp;i=1"',
    );
  });
});
