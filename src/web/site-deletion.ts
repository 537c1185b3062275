import type { DeletionPreview } from '../operations/delete/as-json.js';
import type { Actor } from '../store/audit-log.js';

/** Deletes sites with everything that was counted. */
export interface SiteDeletion {
  /**
   * What would be deleted. Takes up to a minute for a site with much data; calls in that time share the answer.
   */
  preview(site: string): Promise<DeletionPreview>;
  /** Returns at once. The site disappears within a second; its documents and journals take up to some minutes. */
  start(site: string, who: Actor): void;
}
