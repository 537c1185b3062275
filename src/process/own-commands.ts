// Commands in messages, completed so that they act on the data of this service.
import { toolCommand, withDataDir } from '../system/command-line.js';
import type { StartMessageParts } from '../web/start-message.js';
import type { Config } from './config.js';

/** Completes the commands that a text names. With MongoDB, the environment says where the data is. */
export function withOwnData(text: string, { dataDir, mongodbUri }: Config): string {
  return mongodbUri === undefined ? withDataDir(text, dataDir, ['node', 'site']) : text;
}

/** How the command line tool finds the data of this service. */
export function ownTool({ dataDir, mongodbUri }: Config): Pick<StartMessageParts, 'toolCommand' | 'toolVariables'> {
  const isShared = mongodbUri !== undefined;
  return {
    toolCommand: (command) => toolCommand(command, isShared ? undefined : dataDir),
    toolVariables: isShared ? ['MONGODB_URI', 'REDIS_URL'] : [],
  };
}
