// STUB until the real one is here
import { openLocalLimits, openLocalSalts } from './local.js';
export const openRedisLimits = (_: object) => openLocalLimits();
export const openRedisSalts = async (_: object, dataDir: string, nowMs: () => number) => openLocalSalts(dataDir, nowMs);
