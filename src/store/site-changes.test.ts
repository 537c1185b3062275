import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { trackSiteChanges } from './site-changes.js';

describe('the version of a site', () => {
  it('rises when its hits are counted, and not when those of others are', () => {
    const changes = trackSiteChanges(true);
    const before = changes.versionOf('garden');
    changes.counted(['moon']);
    expect(changes.versionOf('garden')).toBe(before);
    changes.counted(['garden', 'moon']);
    expect(changes.versionOf('garden')).toBeGreaterThan(before as number);
  });

  it('is unknown where other processes count as well', () => {
    const changes = trackSiteChanges(false);
    changes.counted(['garden']);
    expect(changes.versionOf('garden')).toBeUndefined();
  });

  it('is never one that it had before its hits were counted, however small the table is', () => {
    const site = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(site)), fc.integer({ min: 1, max: 6 }), (segments, max) => {
        const changes = trackSiteChanges(true, max);
        for (const counted of segments) {
          const before = new Map(counted.map((id) => [id, changes.versionOf(id) as number]));
          changes.counted(counted);
          for (const id of counted) expect(changes.versionOf(id)).toBeGreaterThan(before.get(id) as number);
        }
      }),
    );
  });
});
