import { feedContract } from '../contracts/feed.js';
import { openLocalFeed } from './feed.js';

feedContract(async (nowMs) => {
  const feed = openLocalFeed(nowMs);
  return { feed, other: feed };
});
