// Opens the store for one command, and closes it again.
import type { Command } from 'commander';
import { createPeople, type People } from '../people/people.js';
import { composeTool, type ToolParts } from '../process/compose.js';
import type { Accounts } from '../store/accounts.js';
import { placeOf } from './run.js';

export function withAccounts(command: Command, act: (accounts: Accounts) => Promise<void>): Promise<void> {
  return withTool(command, ({ accounts }) => act(accounts));
}

export function withPeople(command: Command, act: (people: People, parts: ToolParts) => Promise<void>): Promise<void> {
  return withTool(command, (parts) => act(createPeople(parts.accounts, Date.now), parts));
}

export async function withTool<Result>(command: Command, act: (parts: ToolParts) => Promise<Result>): Promise<Result> {
  const parts = await composeTool(placeOf(command));
  try {
    return await act(parts);
  } finally {
    await parts.close();
  }
}
