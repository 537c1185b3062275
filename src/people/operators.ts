// Operators: there must always be one, because nobody else can invite operators.
import type { AccountVersions } from '../store/accounts.js';
import type { Directory } from './directory.js';
import type { TeamMembers } from './team-members.js';

/** `last-operator`: nothing was changed, since the installation would have no operator. */
export type OperatorChange = 'changed' | 'unknown' | 'last-operator';

export interface Operators {
  /** May reject with an AccountsUnavailable. */
  demote(personId: string): Promise<OperatorChange>;
  /** Removes the account of any person, also from teams. May reject with an AccountsUnavailable. */
  remove(personId: string): Promise<OperatorChange>;
}

export function createOperators(
  directory: Directory,
  { refresh }: Pick<AccountVersions, 'refresh'>,
  { removeEverywhere }: Pick<TeamMembers, 'removeEverywhere'>,
): Operators {
  const hasOperator = (isCounted: (id: string) => boolean): boolean =>
    directory.all().some(({ id, isOperator }) => isOperator && isCounted(id));

  const demote = async (personId: string): Promise<OperatorChange> => {
    await refresh(); // another process may have just changed an operator
    const isOperator = directory.person(personId)?.isOperator;
    if (isOperator === undefined) return 'unknown';
    if (!isOperator) return 'changed';
    if (!hasOperator((id) => id !== personId)) return 'last-operator';
    if ((await directory.change(personId, (person) => ({ ...person, isOperator: false }))) === 'unknown') return 'unknown';
    // Two operators may have demoted each other at the same time, also in two processes.
    await refresh();
    if (hasOperator(() => true)) return 'changed';
    await directory.change(personId, (person) => ({ ...person, isOperator: true }));
    return 'last-operator';
  };

  return {
    demote,
    async remove(personId) {
      const demoted = await demote(personId);
      if (demoted !== 'changed') return demoted;
      const outcome = await directory.change(personId, () => undefined);
      await removeEverywhere(personId);
      return outcome;
    },
  };
}
