import { feedContract } from './contract.js';
import { openLocalFeed } from './local.js';

feedContract(async () => {
  const feed = openLocalFeed();
  return { feed, other: feed };
});
