// The owner's page of one site, from top to bottom.
import { asksForTheSame } from './address.js';
import { type Card, cardsAt } from './card.js';
import { CardBoundary } from './card-boundary.js';
import { DialogsOnDemand } from './dialogs-on-demand.js';
import { Head } from './head.js';
import { KeysDialog } from './keys-dialog.js';
import { LiveSection } from './live/live-section.js';
import { Wall } from './live/wall.js';
import { MainChart } from './main-chart.js';
import { NumberRow } from './number-row.js';
import { SignedOutNotice } from './signed-out.js';
import { useSite } from './state.js';
import { NUMBERS } from './texts.js';
import { Waiting } from './waiting.js';

export function SitePage({ cards }: { cards: readonly Card[] }) {
  const { loaded: newest, address, isWaiting } = useSite();
  const loaded = newest.value;
  // what was chosen has not been answered yet
  const isBusy = loaded === undefined || !asksForTheSame({ ...loaded.address, page: address.value.page }, address.value);
  const views = (place: Card['place']) =>
    cardsAt(cards, place).map((card) => <CardBoundary key={card.report} card={card} loaded={loaded} />);
  return (
    <>
      <Head />
      <SignedOutNotice />
      <Waiting loaded={loaded} />
      {/* until the first view there would be nothing in them */}
      {!isWaiting.value && (
        <>
          <section class="card main-chart" aria-labelledby="numbers-title" aria-busy={isBusy}>
            <h2 id="numbers-title" class="visually-hidden">
              {NUMBERS.title}
            </h2>
            <NumberRow loaded={loaded} />
            <MainChart loaded={loaded} />
          </section>
          <LiveSection />
          <div class="lists" id="lists" aria-busy={isBusy}>
            <div class="column">{views('left')}</div>
            <div class="column">{views('right')}</div>
          </div>
          {views('below')}
        </>
      )}
      <DialogsOnDemand cards={cards} loaded={loaded} />
      <KeysDialog />
      <Wall loaded={loaded} />
    </>
  );
}
