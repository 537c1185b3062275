import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Config } from './config.js';
import { createSiteDeletion } from './site-deletion.js';

it('requests for the preview of one site share it while it is made, so that nobody else waits for many', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hitherto-deletion-'));
  const { preview } = createSiteDeletion({ dataDir } as Config);
  const previews = Array.from({ length: 100 }, () => preview('garden'));
  expect(new Set(previews).size).toBe(1);
  await expect(previews[0]).rejects.toThrow(); // there is no such site, and perhaps no built program
  expect(preview('garden')).not.toBe(previews[0]);
  await expect(preview('garden')).rejects.toThrow();
  rmSync(dataDir, { recursive: true });
});
