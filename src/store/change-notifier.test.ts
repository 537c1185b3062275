import { localNotifiers } from './change-notifier.js';
import { notifierContract } from './contracts/accounts.js';

notifierContract(async () => {
  const open = localNotifiers();
  return { notifier: open(), other: open() };
});
