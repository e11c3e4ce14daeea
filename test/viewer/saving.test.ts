import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { EpisodeSource } from '../../dist/src/watch/episode-source.js';
import { ReplaySource } from '../../dist/src/watch/replay-source.js';
import { make } from '../../env/index.ts';
import { startSeed } from '../../src/play/episodes.ts';
import { type Replay, replaySchema } from '../../src/play/replay.ts';
import { savedPair } from '../watch/watching.ts';
import { hasBrowser, openBrowser, serve, showOf, stepsOf, Viewer } from './page-in-browser.ts';
import { decode, pixelsOf } from './pixels.ts';

describe.skipIf(!hasBrowser)('what the page saves', () => {
  let browser: Browser;
  const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function view(shown: EpisodeSource, search: string) {
    const server = await serve(shown);
    onTestFinished(() => server.close());
    const viewer = await Viewer.open(browser, server, search);
    return { viewer, server };
  }

  /** Two agents that were never trained. */
  async function pair(): Promise<EpisodeSource> {
    const show = await showOf(savedPair({ envOptions: {} }));
    onTestFinished(() => show.close());
    return show;
  }

  /** All that was asked for and not taken back has come in. */
  const whole = (viewer: Viewer, panes: number) =>
    viewer.until(() => viewer.received.filter(({ kind }) => kind === 'end').length >= panes);

  function write(name: string, replay: Replay): ReplaySource {
    const path = join(folder, name);
    fs.writeFileSync(path, JSON.stringify(replay));
    const replayed = new ReplaySource(path);
    onTestFinished(() => replayed.close());
    return replayed;
  }

  test('as PNG has the pixels of the world', async () => {
    const { viewer, server } = await view(await pair(), '?t=9&episode=3&step=2');
    await viewer.page.keyboard.press('w');
    const world = make('TimedGrid-v0');
    world.reset({ seed: startSeed(3), options: { time: 9 } });
    const { pictures } = viewer;
    await viewer.until(() => stepsOf(viewer, 0).length > 2);
    const steps = [0, 1].map((agent) => stepsOf(viewer, agent).slice(0, 2));
    const png = await viewer.save('s');
    // Where a composition has its worlds, and how large their pixels are.
    for (const [agent, own] of steps.entries()) {
      const place = { left: 2 * (16 + agent * 296), top: 2 * 66, scale: 10 };
      const shown = await pixelsOf(browser, server.address, png, place);
      expect(shown).toEqual([...pictures.get(own.at(-1)!.picture)!.pixels]);
    }
    for (const { action } of steps[0]!) world.step(action);
    expect([...pictures.get(steps[0]!.at(-1)!.picture)!.pixels]).toEqual([
      ...world.render().pixels,
    ]);
    expect(viewer.savedName).toMatch(/-t9-episode3-step2\.png$/);
  });

  test('of a branch holds it, says so in its name, and is true', async () => {
    const { viewer, server } = await view(await pair(), '?t=9&episode=2&branch=2&then=14');
    await viewer.pane('branch-1').waitFor();
    await whole(viewer, 4);
    const lengths = [0, 1].map((agent) => stepsOf(viewer, agent).length);
    const gif = await viewer.save('r');
    expect(viewer.savedName).toMatch(/-t9-episode2-branch2-t14\.gif$/);
    const { frames, width } = await decode(browser, server.address, gif, 'image/gif');
    expect(width).toBe(4 * 296 + 16);
    expect(frames).toBeGreaterThanOrEqual(Math.max(...lengths) + 1);
    const replay = replaySchema.parse(JSON.parse((await viewer.save('f')).toString()));
    expect(viewer.savedName).toMatch(/-branch2-t14\.json$/);
    expect(replay).toMatchObject({ number: 9, seed: 2, branch: { at: 2, number: 14 } });
    expect(replay.panes.map(({ actions }) => actions.length)).toEqual(lengths);
    const show = write('branch.json', replay);
    expect(show.verdicts.map(({ differsAt }) => differsAt)).toEqual([null, null]);

    // Watched, it is held to what it was told last, as when it was saved.
    const { viewer: again } = await view(show, `?step=${lengths[0]}`);
    const clock = again.pane('agent-0').locator('.clock');
    await clock.and(again.page.locator(`[aria-label="step ${lengths[0]} of 14"]`)).waitFor();
    const timeline = again.page.locator('.timeline');
    expect(await timeline.getAttribute('data-branch')).toBe('2');
    expect(await timeline.getAttribute('data-due')).toBe('14');
    await again.page.getByText('from step 2, t =').waitFor();
  });

  test('of a person is shown as a person’s, and no replay vouches for another', async () => {
    const { viewer } = await view(await pair(), '?t=5&episode=1&step=0');
    const { page } = viewer;
    await page.keyboard.press('y');
    await viewer.pane('own').waitFor();
    for (let move = 0; move < 17; move++) await page.keyboard.press(' ');
    await viewer.until(
      async () => (await viewer.pane('own').getAttribute('data-verdict')) !== 'none',
    );
    await whole(viewer, 3);
    const replay = replaySchema.parse(JSON.parse((await viewer.save('f')).toString()));
    expect(replay.panes.map(({ run }) => run === null)).toEqual([false, false, true]);

    const difference = await page.locator('.timeline').getAttribute('data-difference');
    replay.panes[2]!.rewards[1] = 3;
    const replayed = await view(write('person.json', replay), '?step=1');
    const again = replayed.viewer;
    await again.pane('agent-2').getByText('differs from the recording at step 1').waitFor();
    await again.pane('agent-0').getByText('every step as recorded').waitFor();
    expect(await again.task()).toContain('Both agents have to arrive');
    const colourOf = (of: Viewer, pane: string) => of.pane(pane).getAttribute('style');
    expect(await colourOf(again, 'agent-2')).toBe(await colourOf(viewer, 'own'));
    expect(await again.page.locator('.timeline').getAttribute('data-difference')).toBe(difference);
    await again.page.keyboard.press('f');
    await again.page.getByText(/its own file is the one to pass on/).waitFor();
  });
});
