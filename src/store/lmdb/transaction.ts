import type { RootDatabase } from 'lmdb';

/**
 * Runs `act` in one transaction and resolves once it is on disk. If `act` throws, the transaction is rolled back. (The
 * asynchronous transactions of lmdb do not roll back.)
 */
export async function commit<Result>(root: RootDatabase, act: () => Result): Promise<Result> {
  const result = root.transactionSync(act);
  await root.flushed;
  return result;
}
