import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { composeBackups, composeTool } from '../../process/compose.js';
import { backupsContract } from './contract.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
backupsContract(async () => {
  const place = { dataDir: join(folder, String(++made)) };
  return { backups: await composeBackups(place), parts: () => composeTool(place) };
});
