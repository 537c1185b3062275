#!/usr/bin/env node
// Writes the parts of docs/metrics.md and docs/api.md that follow from the reports and their schemas.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENT_KINDS } from '../dist/collections/documents.js';
import { generatedDocs, withGenerated } from '../dist/src/web/api/docs.js';

const ROOT = join(import.meta.dirname, '..');

if (process.argv.includes('--help')) {
  console.log('usage: npm run docs\n\nWrites the generated parts of docs/metrics.md and docs/api.md, between their markers.');
  process.exit(0);
}

for (const [path, texts] of Object.entries(generatedDocs(DOCUMENT_KINDS))) {
  const before = readFileSync(join(ROOT, path), 'utf8');
  const after = withGenerated(before, texts);
  if (after !== before) writeFileSync(join(ROOT, path), after);
  console.log(`${path}: ${after === before ? 'is up to date' : 'written'}`);
}
