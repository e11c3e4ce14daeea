import fs from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EpisodeSource } from '../../dist/src/watch/episode-source.js';
import { ReplaySource } from '../../dist/src/watch/replay-source.js';
import type { WatchServer } from '../../dist/src/watch/server.js';
import { make } from '../../env/index.ts';
import { startSeed } from '../../src/play/episodes.ts';
import { replaySchema } from '../../src/play/replay.ts';
import {
  hasBrowser,
  openBrowser,
  serve,
  showOf,
  stepsOf,
  trainPair,
  Viewer,
} from './page-in-browser.ts';
import { decode, readBack } from './pixels.ts';

/** Two pictures later, everything is drawn. */
const DRAWN = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser;
  let show: EpisodeSource;
  let server: WatchServer;
  let folder: string;

  beforeAll(async () => {
    const trained = await trainPair();
    folder = trained.folder;
    show = await showOf(trained.paths);
    server = await serve(show);
    browser = await openBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await show?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('plays by itself, in lockstep, a time that training never asked for', async () => {
    const viewer = await Viewer.open(browser, server);
    expect(await viewer.page.title()).toBe('timegrid');
    await expect(viewer.pane('agent-0').locator('h2').textContent()).resolves.toContain('baseline');
    await expect(viewer.pane('agent-1').locator('h2').textContent()).resolves.toContain('nac');
    const told = Number(/step (\d+)/.exec(await viewer.task())![1]);
    expect(told).toBeGreaterThan(12);

    const seen = new Set<number>();
    await viewer.until(async () => {
      const [one, other] = (await viewer.steps()) as [number, number];
      const [verdict, otherVerdict] = await Promise.all(
        ['agent-0', 'agent-1'].map((name) => viewer.pane(name).getAttribute('data-verdict')),
      );
      if (verdict === 'none' && otherVerdict === 'none') {
        const [again, otherAgain] = (await viewer.steps()) as [number, number];
        if (again === one && otherAgain === other) expect(one).toBe(other);
      }
      seen.add(one);
      return seen.size > 6;
    });
  });

  test('shows exactly the picture that the world draws', async () => {
    const viewer = await Viewer.open(browser, server, '?t=20&episode=3&step=0');
    await viewer.page.keyboard.press('w');
    await viewer.until(() => viewer.received.filter(({ kind }) => kind === 'end').length >= 2);
    const world = make('TimedGrid-v0');
    world.reset({ seed: startSeed(3), options: { time: 20 } });
    const steps = stepsOf(viewer, 0);
    for (let step = 0; step <= Math.min(4, steps.length - 1); step++) {
      await viewer.until(async () => (await viewer.step()) === step);
      await viewer.page.evaluate(DRAWN);
      expect(await readBack(viewer, 'agent-0')).toEqual([...world.render().pixels]);
      world.step(steps[step]!.action);
      await viewer.page.keyboard.press('ArrowRight');
    }
  });

  test('tells the world the time that the slider is set to', async () => {
    const viewer = await Viewer.open(browser, server, '?t=14&step=0');
    const slider = viewer.labelled('Time t told to the agents');
    await viewer.slide(slider, 29); // every number up to 40 is a stop
    await viewer.until(() =>
      viewer.received.some((said) => said.kind === 'begin' && said.number === 30),
    );
    await viewer.until(async () => (await viewer.task()).includes('step 30'));
    expect(await slider.getAttribute('aria-valuetext')).toBe('t = 30');
    expect(await viewer.pane('agent-0').locator('.clock').getAttribute('aria-label')).toBe(
      'step 0 of 30',
    );
    expect(viewer.address().get('t')).toBe('30');
  });

  test('goes where its controls say', async () => {
    const viewer = await Viewer.open(browser, server, '?t=20&step=0');
    const { page } = viewer;
    const press = (label: RegExp) => viewer.labelled(label).click();
    await press(/^One step on/);
    await viewer.until(async () => (await viewer.step()) === 1);
    await press(/^One step back/);
    await viewer.until(async () => (await viewer.step()) === 0);
    await viewer.slide(viewer.labelled('Step of the episode'), 5);
    await viewer.until(async () => (await viewer.step()) === 5);
    expect(viewer.address().get('step')).toBe('5');
    await press(/^Play \(/);
    await viewer.until(async () => (await viewer.step()) > 6);
    await press(/^Pause/);
    const paused = await viewer.step();
    expect(viewer.address().get('step')).toBe(String(paused));
    await viewer.labelled('Speed').selectOption('8');
    await viewer.labelled('How actions are chosen').selectOption('sample');
    await viewer.until(() =>
      viewer.sent.some((said) => said.kind === 'episode' && said.policy === 'sample'),
    );
    await viewer.labelled(/^Episode number/).fill('7');
    await page.keyboard.press('Enter');
    await viewer.until(() =>
      viewer.sent.some((said) => said.kind === 'episode' && said.seed === 7),
    );
    expect(viewer.address().get('episode')).toBe('7');
    await press(/^Next episode/);
    await viewer.until(() => viewer.address().get('episode') === '8');
  });

  test('loops one episode, and otherwise goes on to the next', async () => {
    const viewer = await Viewer.open(browser, server, '?t=13');
    await viewer.labelled('Speed').selectOption('Infinity');
    await viewer.until(() => Number(viewer.address().get('episode')) >= 2);
    await viewer.page.keyboard.press('l');
    const looped = viewer.address().get('episode');
    const seen: number[] = [];
    await viewer.until(async () => {
      seen.push(await viewer.step());
      return seen.some((step, index) => index > 0 && step < seen[index - 1]!);
    });
    expect(viewer.address().get('episode')).toBe(looped);
  });

  test('obeys each of its shortcuts, all of which "?" lists', async () => {
    const viewer = await Viewer.open(browser, server, '?t=20&step=3');
    const { page } = viewer;
    const key = (name: string) => page.keyboard.press(name);
    await key('?');
    const listed = await page.locator('dialog kbd').allTextContents();
    await key('?');
    const tried = new Set<string>(['?']);
    const tries = async (name: string, says: string, isSo: () => Promise<boolean> | boolean) => {
      await key(name);
      await viewer.until(isSo);
      tried.add(says);
    };
    const step = (wanted: number) => async () => (await viewer.step()) === wanted;
    const number = (wanted: number) => () => viewer.address().get('t') === String(wanted);
    const shown = (readout: string, is: boolean) => async () =>
      (await viewer.pane('agent-0').locator(`[data-readout="${readout}"]`).isVisible()) === is;

    await tries('ArrowRight', '→', step(4));
    await tries('ArrowLeft', '←', step(3));
    await tries('.', '.', step(4));
    await tries(',', ',', step(3));
    await tries('Home', 'home', step(0));
    await tries('End', 'end', async () => (await viewer.step()) > 4);
    await tries(' ', 'space', async () => !viewer.address().has('step'));
    await tries('k', 'k', () => viewer.address().has('step'));
    const speed = (wanted: string) => async () =>
      (await viewer.labelled('Speed').inputValue()) === wanted;
    await tries('+', '+', speed('2'));
    await tries('=', '=', speed('4'));
    await tries('-', '-', speed('2'));
    await tries(
      'l',
      'l',
      async () => (await viewer.labelled(/^Loop/).getAttribute('aria-pressed')) === 'true',
    );
    await tries('n', 'n', () => viewer.address().get('episode') === '1');
    await tries('p', 'p', () => viewer.address().get('episode') === '0');
    await tries(']', ']', number(21));
    await tries('ArrowUp', '↑', number(22));
    await tries('[', '[', number(21));
    await tries('ArrowDown', '↓', number(20));
    await tries('}', '}', number(30));
    await tries('{', '{', number(20));
    const typing = (label: string | RegExp) => () =>
      viewer.labelled(label).evaluate((field) => field.matches(':focus'));
    await tries('t', 't', typing('Time t, exactly'));
    await tries('e', 'e', typing(/^Episode number/));
    await tries('g', 'g', () => viewer.address().get('policy') === 'sample');
    await tries('g', 'g', () => !viewer.address().has('policy'));
    await tries('1', '1', shown('actions', false));
    await tries('2', '2', shown('value', false));
    await tries('3', '3', shown('pathway', false));
    await tries('4', '4', shown('lstm', false));
    await tries('5', '5', shown('observed', true));
    const box = (name: string, is: boolean) => async () =>
      (await page.locator('#view-menu').getByLabel(name, { exact: true }).isChecked()) === is;
    await tries('w', 'w', box('Way walked', false));
    await tries('c', 'c', box('Charts', false));
    await tries(
      'd',
      'd',
      async () => (await page.locator('html').getAttribute('data-theme')) === 'dark',
    );
    await viewer.until(async () => (await viewer.step()) >= 0);
    await tries('b', 'b', async () => (await viewer.pane('branch-0').count()) === 1);
    await tries('Escape', 'Esc', async () => (await viewer.pane('branch-0').count()) === 0);
    await tries('y', 'y', async () => (await viewer.pane('own').count()) === 1);
    await tries('Escape', 'Esc', async () => (await viewer.pane('own').count()) === 0);
    for (const saving of ['r', 's', 'f']) {
      expect((await viewer.save(saving)).length).toBeGreaterThan(100);
      tried.add(saving);
    }
    expect(listed.filter((name) => !tried.has(name))).toEqual([]);
  });

  test('branches: another time from a step on, beside the original', async () => {
    const viewer = await Viewer.open(browser, server, '?t=20&step=4');
    await viewer.labelled(/^Branch/).click();
    await viewer.pane('branch-1').waitFor();
    await viewer.slide(viewer.labelled('Time t told to the agents'), 29);
    const wanted = { at: 4, number: 30 };
    await viewer.until(() =>
      viewer.sent.some((said) => said.kind === 'episode' && said.branch?.number === wanted.number),
    );
    const asked = viewer.sent.findLast((said) => said.kind === 'episode');
    expect(asked).toMatchObject({ number: 20, branch: wanted });
    await viewer.until(async () =>
      ((await viewer.pane('branch-0').locator('h2').textContent()) ?? '').includes('30'),
    );
    expect(await viewer.pane('agent-0').locator('.clock').getAttribute('aria-label')).toBe(
      'step 4 of 20',
    );
    expect(await viewer.pane('branch-0').locator('.clock').getAttribute('aria-label')).toBe(
      'step 4 of 30',
    );
    const shared = viewer.page.url();
    const again = await Viewer.open(browser, server, new URL(shared).search);
    await again.pane('branch-0').waitFor();
    expect(await again.steps()).toEqual([4, 4, 4, 4]);
  });

  test('lets a person play the same world against the agents', async () => {
    const viewer = await Viewer.open(browser, server, '?t=20&episode=1');
    await viewer.labelled(/^Play it yourself/).click();
    await viewer.pane('own').waitFor();
    const keys = { ArrowUp: 0, ArrowDown: 1, ArrowLeft: 2, ArrowRight: 3, ' ': 4 };
    const world = make('TimedGrid-v0');
    world.reset({ seed: startSeed(1), options: { time: 20 } });
    let step = 0;
    for (const [key, action] of Object.entries(keys)) {
      const { terminated } = world.step(action);
      await viewer.page.keyboard.press(key);
      step += 1;
      await viewer.until(async () => (await viewer.step('own')) === step);
      if (terminated) break;
    }
    expect(await viewer.step('agent-1')).toBe(step);
    await viewer.page.evaluate(DRAWN);
    const { picture } = stepsOf(viewer, 'you').at(-1)!;
    expect([...viewer.pictures.get(picture)!.pixels]).toEqual([...world.render().pixels]);
  });

  test('shows what the agent sees, and what it thinks', async () => {
    const viewer = await Viewer.open(browser, server, '?t=20&step=2');
    await viewer.page.keyboard.press('5');
    const readout = viewer.pane('agent-1').locator('[data-readout="observed"]');
    await viewer.until(async () => ((await readout.textContent()) ?? '').includes('56 × 56'));
    const seen = await viewer.page.evaluate<number[]>(`(() => {
      const canvas = document.querySelector('[data-pane="agent-1"] [data-readout="observed"] canvas');
      return [...canvas.getContext('2d').getImageData(0, 0, 56, 56).data].filter((_, at) => at % 4 < 3);
    })()`);
    const step = stepsOf(viewer, 1)[2]!;
    expect(seen).toEqual([...viewer.pictures.get(step.observed!)!.pixels]);
    const bars = viewer.pane('agent-1').locator('.bars li');
    expect(await bars.count()).toBe(5);
    const said = await bars.locator('.heard').allTextContents();
    for (const [action, probability] of step.probabilities!.entries()) {
      expect(said).toContain(`${Math.round(probability! * 100)} %`);
      expect((await bars.nth(action).getAttribute('class')) ?? '').toBe(
        action === step.action ? 'taken' : '',
      );
    }
  });

  test('saves a GIF with a frame for every moment, a PNG, and a replay of what was done', async () => {
    const viewer = await Viewer.open(browser, server, '?t=13&episode=2&step=1');
    await viewer.until(() => viewer.received.filter(({ kind }) => kind === 'end').length >= 2);
    const lengths = [0, 1].map((agent) => stepsOf(viewer, agent).length);
    const decoded = await decode(browser, server.address, await viewer.save('r'), 'image/gif');
    expect(decoded).toEqual({ frames: Math.max(...lengths) + 1, width: 608, height: 362 });
    expect(await decode(browser, server.address, await viewer.save('s'), 'image/png')).toEqual({
      frames: 1,
      width: 1216,
      height: 724,
    });
    const file = await viewer.save('f');
    const replay = replaySchema.parse(JSON.parse(file.toString()));
    expect(replay).toMatchObject({ number: 13, seed: 2, policy: 'greedy' });
    for (const agent of [0, 1]) {
      const steps = stepsOf(viewer, agent);
      expect(replay.panes[agent]!.actions).toEqual(steps.map(({ action }) => action));
      expect(replay.panes[agent]!.pictures).toEqual(steps.map(({ picture }) => picture));
    }
  });

  test('plays a replay that it saved, and says that it is true', async () => {
    const viewer = await Viewer.open(browser, server, '?t=13&episode=2&step=1');
    await viewer.until(() => viewer.received.filter(({ kind }) => kind === 'end').length >= 2);
    const path = join(folder, 'replay.json');
    fs.writeFileSync(path, await viewer.save('f'));
    const replay = new ReplaySource(path);
    const own = await serve(replay);
    try {
      const again = await Viewer.open(browser, own, '?step=1');
      await again.pane('agent-1').getByText('every step as recorded').waitFor();
      expect(await again.labelled('Time t, exactly').isDisabled()).toBe(true);
    } finally {
      await own.close();
      await replay.close();
    }
  });

  test('goes on where it was after the server has started anew', async () => {
    const own = await serve(show);
    const viewer = await Viewer.open(browser, own, '?t=20&episode=4&step=3');
    const port = await viewer.lose(own);
    await viewer.page.keyboard.press('ArrowRight');
    expect(await viewer.step()).toBe(4);
    const again = await serve(show, port);
    try {
      await viewer.page.getByText(/The server is gone/).waitFor({ state: 'hidden' });
      expect(await viewer.step()).toBe(4);
      await viewer.page.keyboard.press('n');
      await viewer.until(() => viewer.address().get('episode') === '5');
      await viewer.until(() =>
        viewer.sent.some(
          (said) => said.kind === 'episode' && said.seed === 5 && said.number === 20,
        ),
      );
    } finally {
      await again.close();
    }
  });

  test('fits a screen of 1280 × 800 and a phone', async () => {
    const sizes = '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]';
    const wide = await Viewer.open(browser, server, '?step=0');
    expect(await wide.page.evaluate(sizes)).toEqual([1280, 800]);
    const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const };
    const narrow = await Viewer.open(browser, server, '?step=0', phone);
    expect(((await narrow.page.evaluate(sizes)) as number[])[0]).toBe(390);
    expect(await narrow.page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});
