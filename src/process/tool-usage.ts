// How many hits the sites of people have this month, for commands: read in their own process.
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { createUsage, type Usage } from '../people/usage.js';
import { createReporter } from '../reporting/report.js';
import { createHitsOfSite } from '../web/hits-of-site.js';
import type { ToolParts } from './compose.js';

export function usageOfTool({ accounts, documents, ledger }: ToolParts): Usage {
  const nowMs = Date.now;
  const report = createReporter(documents, ledger, DOCUMENT_KINDS);
  return createUsage(createHitsOfSite({ accounts, reports: { report }, nowMs }), { nowMs });
}
