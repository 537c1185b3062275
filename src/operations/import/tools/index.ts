import { ga4 } from './ga4.js';
import { goatcounter } from './goatcounter.js';
import { matomo } from './matomo.js';
import { plausible } from './plausible.js';
import type { Tool } from './tool.js';

export const TOOLS: readonly Tool[] = [plausible, ga4, goatcounter, matomo];
