// A visitor who opens a page with `#hitherto-off` at the end of its address is not counted on this host any more, in
// this browser; `#hitherto-on` ends that. Owners exclude their own visits by it, and visitors who object.
import { safely } from './safely.js';

export function isExcluded(): boolean | undefined {
  let isOff: boolean | undefined;
  safely(() => {
    const [name, choice] = location.hash.split('-');
    if (name === '#hitherto') localStorage[name] = choice;
    isOff = localStorage['#hitherto'] === 'off';
  })();
  return isOff;
}
