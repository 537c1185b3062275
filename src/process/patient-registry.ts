// What a start asks the store about its node, asked again while the store does not answer.

import type { Registry } from '../journal/node.js';
import type { Documents, NodeState } from '../store/documents.js';
import type { Patiently } from '../store/mongodb/connection.js';

export function patientRegistry(
  documents: Pick<Documents, 'node' | 'isRunning' | 'claim'>,
  patiently: Patiently,
): Registry<NodeState> {
  return {
    node: (id) => patiently(() => documents.node(id)),
    isRunning: (id) => patiently(() => documents.isRunning(id)),
    claim(id, boot, seen) {
      let isRepeated = false;
      return patiently(async () => {
        // A claim whose answer was lost may have been carried out. Nobody else has this process's boot id.
        if (isRepeated && (await documents.node(id))?.boot === boot) return 'claimed';
        isRepeated = true;
        return documents.claim(id, boot, seen);
      });
    },
  };
}
