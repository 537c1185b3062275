import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { kindsByReport } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { generatedDocs, withGenerated } from './docs.js';
import { reportQuery } from './query.js';

const ROOT = join(import.meta.dirname, '../../..');
const pages = Object.entries(generatedDocs(DOCUMENT_KINDS));

describe('the generated parts of the documentation', () => {
  it.each(pages)('in %s are up to date (if not: npm run docs)', (path, texts) => {
    const page = readFileSync(join(ROOT, path), 'utf8');
    expect(page).toBe(withGenerated(page, texts));
  });

  it('have a section and a call for each report, and a line for each parameter', () => {
    const texts = Object.fromEntries(pages);
    for (const name of kindsByReport(DOCUMENT_KINDS).keys()) {
      expect(texts['docs/metrics.md']?.reports).toContain(`## ${name}\n\n`);
      expect(texts['docs/api.md']?.calls).toContain(`/${name}\` |`);
    }
    for (const name of Object.keys(reportQuery.shape)) expect(texts['docs/api.md']?.parameters).toContain(`| \`${name}\` | `);
  });

  it('describe every field of a report with its meaning', () => {
    const [, texts] = pages[0] as (typeof pages)[number];
    expect(texts.reports).toContain('| `views` | `total`, `rows`, `rows.hours`, `months` | Page views. |');
    expect(texts.reports).toContain('| `depth` | `total.reached`, `rows.reached` | In percent of the page. |');
  });

  it('leave the rest of a page as it is, and need their markers', () => {
    const page = 'By hand\n<!-- calls: written by x -->\nold\n<!-- end of calls -->\nMore\n';
    expect(withGenerated(page, { calls: 'new $1' })).toBe(page.replace('old', 'new $1'.replaceAll('$', '$$$$')));
    expect(() => withGenerated('By hand\n', { calls: 'new' })).toThrow(/no place for "calls"/);
  });
});
