import { join } from 'node:path';
import { expect, test } from 'vitest';
// Threads run the compiled code.
import { train } from '../../dist/src/train/train.js';
import { listKept } from '../../src/run/kept-checkpoints.ts';
import type { ClientMessage } from '../../src/watch/protocol.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { tinyOptions, UPDATE } from '../train/tiny.ts';
import { open, trained, Viewer } from './page-in-browser.ts';

const focusedLabel = ({ page }: Viewer) =>
  page.evaluate<string>('document.activeElement.getAttribute("aria-label")');

/** Plays an episode in which the baseline is late, and one with another number. */
async function lateAtThirteen(): Promise<Viewer> {
  const viewer = await Viewer.of(trained('baseline', 'nac'), '?t=13&episode=5&step=0');
  await viewer.untilWhole();
  await viewer.labelled(/^Time t, exact value/).fill('20');
  await viewer.press('Enter');
  await viewer.labelled(/^Episode number/).fill('1');
  await viewer.press('Enter');
  await viewer.untilParameter('t', 20);
  await viewer.untilParameter('episode', 1);
  return viewer;
}

test('a point of the chart by number says how sure it is, and leads to an episode that was not exact', async () => {
  const viewer = await lateAtThirteen();
  const { page } = viewer;
  const chart = page.locator('.chart').first();
  // The other test may have played the same episodes.
  const says = /^baseline, t = 13: \d+\s%\s\(\d+–\d+\) exact, \d+ episodes?\. Show episode 5$/;
  await chart.getByLabel(says).click();
  await viewer.untilParameter('t', 13);
  await viewer.untilParameter('episode', 5);
  const read = /^t = 13 · .*baseline\s\d+\s%\s\(\d+–\d+\)/;
  await chart.locator('.reading').filter({ hasText: read }).waitFor();

  // The same by keyboard: the points are one stop of the Tab key.
  await chart.getByRole('button', { name: 'All episodes' }).focus();
  await viewer.press('Tab', 'End', 'ArrowLeft', 'ArrowDown', 'ArrowRight');
  const [, t, episode] = /^nac, t = (\d+): .* Show episode (\d+)$/.exec(
    await focusedLabel(viewer),
  )!;
  await viewer.press('Enter');
  await viewer.untilParameter('t', t!);
  await viewer.untilParameter('episode', episode!);

  await chart.getByRole('button', { name: 'Reward' }).click();
  await chart.getByText('Reward by time').waitFor();
  await chart.getByLabel(/^baseline, t = 13: reward \d\.\d, \d+ episodes?\. /).waitFor();
});

test('the map of all episodes shows how each went, and leads to it', async () => {
  const viewer = await lateAtThirteen();
  const { page } = viewer;
  const map = page.getByRole('dialog', { name: 'All episodes' });
  await page.getByRole('button', { name: 'All episodes' }).click();
  const late = map.getByLabel('baseline, t = 13, episode 5: late');
  expect(await late.textContent()).toBe('›');
  await map.getByLabel('nac, t = 20, episode 1: early').waitFor();
  await late.click();
  await map.waitFor({ state: 'hidden' });
  await viewer.untilParameter('t', 13);
  await viewer.untilParameter('episode', 5);

  // It opens at the episode on screen. Right of an agent's last episode is the next agent's first one.
  await viewer.press('a');
  expect(await focusedLabel(viewer)).toBe('baseline, t = 13, episode 5: late');
  await viewer.press('End', 'ArrowRight', 'ArrowDown', 'ArrowUp');
  expect(await focusedLabel(viewer)).toMatch(/^nac, t = 13, episode 0: /);
  await viewer.press('Enter');
  await viewer.untilParameter('episode', 0);
});

/** Waits until the whole episode that was asked for has arrived. @returns what the first agent expected at each step */
async function valuesOf(viewer: Viewer, wanted: Partial<ClientMessage>): Promise<unknown[]> {
  await viewer.untilAsked(wanted);
  const like = expect.objectContaining(wanted);
  const { id } = viewer.sent.findLast((said) => like.asymmetricMatch(said)) as { id: number };
  await viewer.until(() => viewer.received.some((said) => said.kind === 'end' && said.id === id));
  return viewer.received.flatMap((said) =>
    said.kind === 'steps' && said.id === id ? said.steps.map(({ value }) => value) : [],
  );
}

test('an agent plays the same episode as it was at each point of its training', async () => {
  const run = join(temporaryFolder(), 'nac');
  await train({ ...tinyOptions({ agent: 'nac', frames: 8 * UPDATE }), run, keep: 5 });
  const [first, second] = listKept(run);
  const viewer = await Viewer.of(open([run]), '?t=6&episode=2&step=0');
  const slider = viewer.labelled(/^Frames of training/);
  expect(await slider.getAttribute('aria-valuetext')).toBe('all training');
  const episode = { number: 6, seed: 2 };
  const newest = await valuesOf(viewer, episode);
  await slider.fill('0');
  await viewer.untilParameter('trained', 0);
  const untrained = await valuesOf(viewer, { ...episode, frames: first!.frames });
  await viewer.pane('agent-0').getByText('untrained').waitFor();
  await slider.fill('1');
  await viewer.untilParameter('trained', second!.frames);
  const between = await valuesOf(viewer, { ...episode, frames: second!.frames });
  const all = [newest, untrained, between].map((values) => JSON.stringify(values));
  expect(new Set(all).size).toBe(3);

  // Its address leads back to it; the slider's end, and a point of the chart, to the agent as it is now.
  const again = await Viewer.open(viewer.server, new URL(viewer.page.url()).search);
  await again.untilAsked({ frames: second!.frames });
  await slider.fill('4');
  await viewer.untilParameter('trained', null);
  await slider.fill('0');
  await viewer.untilParameter('trained', 0);
  await viewer.page
    .locator('.chart')
    .first()
    .getByLabel(/^nac, t = 6: /)
    .click();
  await viewer.untilParameter('trained', null);
});
