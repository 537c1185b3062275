// Opens the accounts for one command.
import type { Command } from 'commander';
import type { Accounts } from '../accounts/port.js';
import { composeTool } from '../compose.js';
import { placeOf } from './run.js';

export async function withAccounts(command: Command, act: (accounts: Accounts) => Promise<void>): Promise<void> {
  const { accounts, close } = await composeTool(placeOf(command));
  try {
    await act(accounts);
  } finally {
    await close();
  }
}
