import { limitsContract } from '../contracts/limits.js';
import { openLocalLimits } from './limits.js';

limitsContract(async () => openLocalLimits());
