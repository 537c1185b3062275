// Opens the accounts of a data folder for one command.
import type { Command } from 'commander';
import type { Accounts } from '../accounts/port.js';
import { composeTool } from '../compose.js';
import { dataDirOf } from './run.js';

export async function withAccounts(command: Command, act: (accounts: Accounts) => Promise<void>): Promise<void> {
  const { accounts, close } = composeTool(dataDirOf(command));
  try {
    await act(accounts);
  } finally {
    await close();
  }
}
