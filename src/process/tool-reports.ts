// What commands read from reports, in their own process: how many hits the sites of people have this month, and what a change
// of a time zone would do.
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { Site } from '../hit/site.js';
import { forPrograms } from '../language/sentence.js';
import { createUsage, type Usage } from '../people/usage.js';
import { createReporter } from '../reporting/report.js';
import { createHitsOfSite } from '../web/hits-of-site.js';
import { zonePreview } from '../web/zone-preview.js';
import type { ToolParts } from './compose.js';

export function usageOfTool({ accounts, documents, ledger }: ToolParts): Usage {
  const nowMs = Date.now;
  const report = createReporter(documents, ledger, DOCUMENT_KINDS);
  return createUsage(createHitsOfSite({ accounts, reports: { report }, nowMs }), { nowMs });
}

/** Sentences. */
export async function zonePreviewOfTool({ documents, ledger }: ToolParts, site: Site, to: string): Promise<readonly string[]> {
  const nowMs = Date.now;
  const report = createReporter(documents, ledger, DOCUMENT_KINDS);
  return (await zonePreview({ reports: { report }, nowMs, countedUntilMs: nowMs }, site, to)).text.map(forPrograms);
}
