import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createRefresher } from './refresher.js';

describe('refreshing the page', () => {
  const answers: Array<{ resolve(answer: string): void; reject(error: Error): void }> = [];
  const shown: string[] = [];
  const failed: string[] = [];
  let isHidden = false;

  beforeEach(() => {
    jest.useFakeTimers();
    for (const list of [answers, shown, failed]) list.length = 0;
    isHidden = false;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const create = () =>
    createRefresher<string>({
      ask: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
      show: (answer) => shown.push(answer),
      failed: (error) => failed.push((error as Error).message),
      pauseMs: () => 2_000,
      isHidden: () => isHidden,
    });
  const settle = () => jest.advanceTimersByTimeAsync(0);

  it('asks one question at a time, and once more after the pause if something changed meanwhile', async () => {
    const refresher = create();
    refresher.refresh();
    refresher.refresh();
    refresher.refresh();
    expect(answers).toHaveLength(1);
    answers[0]?.resolve('one');
    await settle();
    expect(shown).toEqual(['one']);
    expect(answers).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(answers).toHaveLength(2);
  });

  it('throws away the answer to an earlier question', async () => {
    const refresher = create();
    refresher.refresh();
    refresher.restart();
    answers[0]?.resolve('old');
    answers[1]?.resolve('new');
    await settle();
    expect(shown).toEqual(['new']);
  });

  it('asks only the first and the last of several quick questions', async () => {
    const refresher = create();
    for (let i = 0; i < 5; i++) {
      refresher.restart();
      await jest.advanceTimersByTimeAsync(100);
      refresher.refresh();
    }
    expect(answers).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(150);
    expect(answers).toHaveLength(2);
    answers[0]?.resolve('first');
    answers[1]?.resolve('last');
    await settle();
    expect(shown).toEqual(['last']);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(answers).toHaveLength(2);
  });

  it('asks again after the pause when it failed', async () => {
    const refresher = create();
    refresher.refresh();
    answers[0]?.reject(new Error('unreachable'));
    await settle();
    expect(failed).toEqual(['unreachable']);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(answers).toHaveLength(2);
  });

  it('does not ask while the page is hidden or after it was stopped', async () => {
    const refresher = create();
    isHidden = true;
    refresher.refresh();
    expect(answers).toHaveLength(0);
    isHidden = false;
    refresher.refresh();
    expect(answers).toHaveLength(1);
    refresher.stop();
    answers[0]?.resolve('late');
    await jest.advanceTimersByTimeAsync(10_000);
    refresher.refresh();
    expect(shown).toEqual([]);
    expect(answers).toHaveLength(1);
  });
});
