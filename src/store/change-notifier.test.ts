import { localBells } from './change-notifier.js';
import { bellContract } from './contracts/accounts.js';

bellContract(async () => {
  const openBell = localBells();
  return { bell: openBell(), other: openBell() };
});
