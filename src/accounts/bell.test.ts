import { localBells } from './bell.js';
import { bellContract } from './contract.js';

bellContract(async () => {
  const openBell = localBells();
  return { bell: openBell(), other: openBell() };
});
