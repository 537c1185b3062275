import { notifierContract } from '../contracts/notifier.js';
import { localNotifiers } from './notifier.js';

notifierContract(async () => {
  const open = localNotifiers();
  return { notifier: open(), other: open() };
});
