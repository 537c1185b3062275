// Says that the page no longer gets answers. What it shows stays.
import { useEffect, useRef } from 'preact/hooks';
import { basePath } from './fetch.js';
import { useSite } from './state.js';
import { SIGNED_OUT } from './texts.js';

export function SignedOutNotice() {
  const why = useSite().signedOut.value;
  const notice = useRef<HTMLElement>(null);
  useEffect(() => {
    if (why !== undefined) notice.current?.scrollIntoView({ block: 'nearest' });
  }, [why]);
  return (
    <section ref={notice} id="signed-out" class="card" role="alert" hidden={why === undefined}>
      <h2>{SIGNED_OUT.title}</h2>
      <p id="signed-out-why">{why && SIGNED_OUT[why]}</p>
      <p>
        <a class="main-button" href={`${basePath()}/`}>
          {SIGNED_OUT.signIn}
        </a>
      </p>
    </section>
  );
}
