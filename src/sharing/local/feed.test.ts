import { feedContract } from '../contracts/feed.js';
import { openLocalFeed } from './feed.js';

feedContract(async () => {
  const feed = openLocalFeed();
  return { feed, other: feed };
});
