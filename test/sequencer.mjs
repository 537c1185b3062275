// The order in which test files are run: those first that take longest, so that none of them is left for the end with
// one process at work.
import Sequencer from '@jest/test-sequencer';

const FIRST = ['faults', 'end-to-end', 'population', 'simulator', 'browser', 'hostile'].map((folder) => `/test/${folder}/`);

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = FIRST.findIndex((folder) => path.includes(folder));
      return place < 0 ? FIRST.length : place;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
