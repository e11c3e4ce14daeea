import { expect, test } from 'vitest';
import { pageOf, watchedPair } from './watching.ts';

test('each page is told how the study stands, whenever it was opened, and again when that changes', async () => {
  const { source, server, page } = await watchedPair();
  const texts = [
    { summary: '0 of 1 finished', runs: ['a  at work'] },
    { summary: '1 of 1 finished', runs: ['a  finished'] },
  ];
  for (const [i, text] of texts.entries()) {
    source.showStudy(text);
    expect(await page.until(() => page.of('study')[i])).toEqual({ kind: 'study', ...text });
  }
  const late = await pageOf(server);
  expect(await late.until(() => late.of('study')[0])).toEqual({ kind: 'study', ...texts[1] });
});
