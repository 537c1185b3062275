// Shows one card. If it fails, the others are shown all the same.
import { Component } from 'preact';
import type { Card, CardProps } from './card.js';
import { ListCardWithout } from './list.js';
import { CARDS } from './texts.js';

interface Props extends CardProps {
  readonly card: Card;
}

export class CardBoundary extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static override getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render({ card: { View, report, lists }, loaded }: Props, { hasFailed }: { readonly hasFailed: boolean }) {
    if (hasFailed) return <ListCardWithout title={lists?.title ?? report} problem={CARDS.broken} />;
    return <View loaded={loaded} />;
  }
}
