import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { ReplaySource } from '../../dist/src/server/replay-source.js';
import { make } from '../../env/index.ts';
import { startSeed } from '../../src/play/episodes.ts';
import { type Replay, replaySchema } from '../../src/play/replay.ts';
import { stepsOf, trained, Viewer } from './page-in-browser.ts';
import { decode, pixelsOf, sizeOfVideo } from './pixels.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const view = (search: string) => Viewer.of(trained('baseline', 'nac'), search);

const saveReplay = async (viewer: Viewer): Promise<Replay> =>
  replaySchema.parse(JSON.parse((await viewer.save('f')).toString()));

function openReplay(name: string, replay: Replay): ReplaySource {
  const path = join(folder, name);
  fs.writeFileSync(path, JSON.stringify(replay));
  const source = new ReplaySource(path);
  onTestFinished(() => source.close());
  return source;
}

test('a PNG has the pixels of the world', async () => {
  const viewer = await view('?t=9&episode=3&step=2');
  await viewer.press('w');
  await viewer.until(() => stepsOf(viewer, 0).length > 2);
  const steps = [0, 1].map((agent) => stepsOf(viewer, agent).slice(0, 2));
  const png = await viewer.save('s');
  // Where a saved picture has its worlds, and how large their pixels are.
  for (const [agent, own] of steps.entries()) {
    const place = { left: 2 * (16 + agent * 296), top: 2 * 66, scale: 10 };
    const expected = [...viewer.pictures.get(own.at(-1)!.picture)!.pixels];
    expect(await pixelsOf(viewer, png, place)).toEqual(expected);
  }
  const world = make('TimedGrid-v0');
  world.reset({ seed: startSeed(3), options: { time: 9 } });
  for (const { action } of steps[0]!) world.step(action);
  const last = viewer.pictures.get(steps[0]!.at(-1)!.picture)!;
  expect([...last.pixels]).toEqual([...world.render().pixels]);
  expect(viewer.savedName).toMatch(/-t9-episode3-step2\.png$/);
});

test('a GIF has a frame for every moment, and a replay every action; watched, it matches', async () => {
  const viewer = await view('?t=13&episode=2&step=1');
  await viewer.untilWhole();
  const steps = [0, 1].map((agent) => stepsOf(viewer, agent));
  const frames = Math.max(...steps.map(({ length }) => length)) + 1;
  const gif = await decode(viewer, await viewer.save('r'), 'image/gif');
  expect(gif).toEqual({ frames, width: 608, height: 362 });
  const png = await decode(viewer, await viewer.save('s'), 'image/png');
  expect(png).toEqual({ frames: 1, width: 1216, height: 724 });
  const replay = await saveReplay(viewer);
  expect(replay).toMatchObject({ number: 13, seed: 2, policy: 'greedy' });
  for (const [agent, { actions, pictures }] of replay.panes.entries()) {
    expect(actions).toEqual(steps[agent]!.map(({ action }) => action));
    expect(pictures).toEqual(steps[agent]!.map(({ picture }) => picture));
  }
  const again = await Viewer.of(openReplay('episode.json', replay), '?step=1');
  await again.pane('agent-1').getByText('matches the recording').waitFor();
  expect(await again.labelled(/^Time t, exact value/).isDisabled()).toBe(true);
});

test('of a long episode the last steps are saved as a GIF or a video, and all of it as a replay', async () => {
  const viewer = await view('?t=400&episode=2&step=1');
  await viewer.press('End');
  await viewer.until(async () => (await viewer.step()) > 300);
  const length = Number(viewer.parameter('step'));
  const gif = await viewer.save('r');
  expect(viewer.savedName).toContain(`-t400-episode2-steps${length - 20}-${length}.gif`);
  expect(await decode(viewer, gif, 'image/gif')).toMatchObject({ frames: 21 });
  expect((await saveReplay(viewer)).panes[0]!.actions.length).toBeGreaterThan(300);

  const { page } = viewer;
  await page.locator('[popovertarget="save-menu"]').click();
  await page.getByRole('button', { name: 'all', exact: true }).click();
  await viewer.press('Escape', 'r');
  await page.getByText(/A GIF has at most 300 steps/).waitFor();

  await page.locator('[popovertarget="save-menu"]').click();
  await viewer.labelled('First step of a GIF or video').fill(String(length - 2));
  await viewer.press('Enter', 'Escape');
  const video = await viewer.save('v');
  expect(viewer.savedName).toMatch(new RegExp(`-steps${length - 2}-${length}\\.(mp4|webm)$`));
  const type = viewer.savedName.endsWith('mp4') ? 'video/mp4' : 'video/webm';
  const played = await sizeOfVideo(video, type);
  expect(played).toEqual({ width: 1216, height: 724 });
});

test('a branch is in the GIF, the replay and their names', async () => {
  const viewer = await view('?t=9&episode=2&branch=2&then=14');
  await viewer.pane('branch-1').waitFor();
  await viewer.untilWhole(4);
  const lengths = [0, 1].map((agent) => stepsOf(viewer, agent).length);
  const gif = await viewer.save('r');
  expect(viewer.savedName).toMatch(/-t9-episode2-branch2-t14\.gif$/);
  const { frames, width } = await decode(viewer, gif, 'image/gif');
  expect(width).toBe(4 * 296 + 16);
  expect(frames).toBeGreaterThanOrEqual(Math.max(...lengths) + 1);
  const replay = await saveReplay(viewer);
  expect(viewer.savedName).toMatch(/-branch2-t14\.json$/);
  expect(replay).toMatchObject({ number: 9, seed: 2, branch: { at: 2, number: 14 } });
  expect(replay.panes.map(({ actions }) => actions.length)).toEqual(lengths);
  const source = openReplay('branch.json', replay);
  expect(source.verdicts.map(({ differsAt }) => differsAt)).toEqual([null, null]);

  // The replay is judged by the last number that the world told, as when it was saved.
  const again = await Viewer.of(source, `?step=${lengths[0]}`);
  const clock = again.pane('agent-0').locator('.clock');
  await clock.and(again.page.locator(`[aria-label="step ${lengths[0]} of 14"]`)).waitFor();
  const timeline = again.page.locator('.timeline');
  expect(await timeline.getAttribute('data-branch')).toBe('2');
  expect(await timeline.getAttribute('data-due')).toBe('14');
  await again.page.getByText('from step 2, t =').waitFor();
});

test('a person stays a person in a replay, and a replay is not saved again', async () => {
  const viewer = await view('?t=5&episode=1&step=0');
  await viewer.press('y');
  await viewer.pane('own').waitFor();
  for (let move = 0; move < 17; move++) await viewer.press(' ');
  await viewer.until(
    async () => (await viewer.pane('own').getAttribute('data-verdict')) !== 'none',
  );
  await viewer.untilWhole(3);
  const replay = await saveReplay(viewer);
  expect(replay.panes.map(({ run }) => run === null)).toEqual([false, false, true]);

  const differenceOf = ({ page }: Viewer) =>
    page.locator('.timeline').getAttribute('data-difference');
  const colourOf = (of: Viewer, pane: string) => of.pane(pane).getAttribute('style');
  replay.panes[2]!.rewards[1] = 3;
  const again = await Viewer.of(openReplay('person.json', replay), '?step=1');
  await again.pane('agent-2').getByText('differs from the recording at step 1').waitFor();
  await again.pane('agent-0').getByText('matches the recording').waitFor();
  expect(await again.task()).toContain('Both agents must arrive');
  expect(await colourOf(again, 'agent-2')).toBe(await colourOf(viewer, 'own'));
  expect(await differenceOf(again)).toBe(await differenceOf(viewer));
  await again.press('f');
  await again.page.getByText(/Share its own file/).waitFor();
});
