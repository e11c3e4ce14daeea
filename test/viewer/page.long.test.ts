import { chromium, type Locator } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { make } from '../../env/index.ts';
import { startSeed } from '../../src/play/episodes.ts';
import { launchChromium } from './chromium.ts';
import { DRAWN, serve, stepsOf, trained, Viewer } from './page-in-browser.ts';
import { readBack } from './pixels.ts';

const pair = () => trained('baseline', 'nac');
const view = (search = '') => Viewer.of(pair(), search);

const clockOf = (viewer: Viewer, pane: string) =>
  viewer.pane(pane).locator('.clock').getAttribute('aria-label');

test('the page starts by itself, all agents in step, with a number beyond training', async () => {
  const viewer = await view();
  expect(await viewer.page.title()).toBe('timegrid');
  for (const [index, name] of ['baseline', 'nac'].entries())
    expect(await viewer.pane(`agent-${index}`).locator('h2').textContent()).toContain(name);
  expect(Number(/step (\d+)/.exec(await viewer.task())![1])).toBeGreaterThan(12);

  const seen = new Set<number>();
  await viewer.until(async () => {
    const [one, other] = (await viewer.steps()) as [number, number];
    const going = await viewer.page.locator('.pane[data-verdict="none"]').count();
    const [again, otherAgain] = (await viewer.steps()) as [number, number];
    if (going === 2 && again === one && otherAgain === other) expect(one).toBe(other);
    seen.add(one);
    return seen.size > 6;
  });
});

test('it shows exactly the pictures that the world draws', async () => {
  const viewer = await view('?t=20&episode=3&step=0');
  await viewer.press('w');
  await viewer.untilWhole();
  const world = make('TimedGrid-v0');
  world.reset({ seed: startSeed(3), options: { time: 20 } });
  const steps = stepsOf(viewer, 0);
  for (let step = 0; step <= 4; step++) {
    await viewer.untilStep(step);
    await viewer.page.evaluate(DRAWN);
    expect(await readBack(viewer, 'agent-0')).toEqual([...world.render().pixels]);
    world.step(steps[step]!.action);
    await viewer.press('ArrowRight');
  }
});

test('it draws the same picture in a browser without WebGL', async () => {
  const plain = await launchChromium(['--disable-3d-apis']);
  const browser = await chromium.connect(plain.wsEndpoint());
  onTestFinished(() => plain.close());
  const server = await serve(await pair());
  const viewer = await Viewer.open(server, '?t=20&episode=3&step=0', {}, browser);
  viewer.provoked.push(/No available adapters/);
  await viewer.press('w');
  await viewer.page.waitForTimeout(200);
  const world = make('TimedGrid-v0');
  world.reset({ seed: startSeed(3), options: { time: 20 } });
  expect(await readBack(viewer, 'agent-0')).toEqual([...world.render().pixels]);
});

test('its slider sets the number', async () => {
  const viewer = await view('?t=14&step=0');
  const slider = viewer.labelled('Time t').first();
  await slider.fill('29'); // every number up to 40 is a stop
  await viewer.untilAsked({ number: 30 });
  await viewer.until(async () => (await viewer.task()).includes('step 30'));
  expect(await slider.getAttribute('aria-valuetext')).toBe('t = 30');
  expect(await clockOf(viewer, 'agent-0')).toBe('step 0 of 30');
  expect(viewer.parameter('t')).toBe('30');
});

test('its controls do what they say', async () => {
  const viewer = await view('?t=20&step=0');
  const click = (label: RegExp) => viewer.labelled(label).click();
  await click(/^One step forward/);
  await viewer.untilStep(1);
  await click(/^One step back/);
  await viewer.untilStep(0);
  await click(/^Go to the end/);
  await viewer.until(async () => (await viewer.step()) > 1);
  await click(/^Go to the start/);
  await viewer.untilStep(0);
  await viewer.labelled('Step of the episode').fill('5');
  await viewer.untilStep(5);
  expect(viewer.parameter('step')).toBe('5');
  await click(/^Play \(/);
  await viewer.until(async () => (await viewer.step()) > 6);
  await click(/^Pause/);
  expect(viewer.parameter('step')).toBe(String(await viewer.step()));
  await viewer.labelled(/^Speed/).selectOption('8');
  await viewer.labelled(/^How actions are chosen/).selectOption('sample');
  await viewer.untilAsked({ policy: 'sample' });
  await viewer.labelled(/^Episode number/).fill('7');
  await viewer.press('Enter');
  await viewer.untilAsked({ seed: 7 });
  expect(viewer.parameter('episode')).toBe('7');
  await click(/^Next episode/);
  await viewer.untilParameter('episode', 8);
  await click(/^Previous episode/);
  await viewer.untilParameter('episode', 7);
});

test('it loops one episode, or plays the next', async () => {
  const viewer = await view('?t=13');
  await viewer.labelled(/^Speed/).selectOption('Infinity');
  await viewer.until(() => Number(viewer.parameter('episode')) >= 2);
  await viewer.press('l');
  const looped = viewer.parameter('episode');
  let last = 0;
  await viewer.until(async () => {
    const step = await viewer.step();
    const hasStartedAgain = step < last;
    last = step;
    return hasStartedAgain;
  });
  expect(viewer.parameter('episode')).toBe(looped);
});

test('each of its shortcuts works, and "?" lists them all', async () => {
  const viewer = await view('?t=20&step=3');
  const { page } = viewer;
  await viewer.press('?');
  const listed = await page.locator('dialog kbd').allTextContents();
  await viewer.press('?');
  const step = (wanted: number) => async () => (await viewer.step()) === wanted;
  const parameter = (name: string, wanted: string | null) => () =>
    viewer.parameter(name) === wanted;
  const focused = (label: RegExp) => () =>
    viewer.labelled(label).evaluate((field) => field.matches(':focus'));
  const speed = (wanted: string) => async () =>
    (await viewer.labelled(/^Speed/).inputValue()) === wanted;
  const shown = (readout: string, is: boolean) => async () =>
    (await viewer.pane('agent-0').locator(`[data-readout="${readout}"]`).isVisible()) === is;
  const unticked = (name: string) => async () =>
    !(await page.locator('#view-menu').getByLabel(name, { exact: true }).isChecked());
  const has = (attribute: string, value: string, of: Locator) => async () =>
    (await of.getAttribute(attribute)) === value;
  const panes = (name: string, count: number) => async () =>
    (await viewer.pane(name).count()) === count;
  const saves = (key: string) => async () => (await viewer.save(key)).length > 100;

  const tries: readonly (readonly [key: string, name: string, isSo: () => unknown])[] = [
    ['ArrowRight', '→', step(4)],
    ['ArrowLeft', '←', step(3)],
    ['.', '.', step(4)],
    [',', ',', step(3)],
    ['Home', 'home', step(0)],
    ['End', 'end', async () => (await viewer.step()) > 4],
    [' ', 'space', parameter('step', null)],
    ['k', 'k', () => viewer.parameter('step') !== null],
    ['j', 'j', parameter('step', null)],
    ['k', 'k', () => viewer.parameter('step') !== null],
    ['+', '+', speed('2')],
    ['=', '=', speed('4')],
    ['-', '-', speed('2')],
    ['l', 'l', has('aria-pressed', 'true', viewer.labelled(/^Loop/))],
    ['n', 'n', parameter('episode', '1')],
    ['p', 'p', parameter('episode', '0')],
    [']', ']', parameter('t', '21')],
    ['ArrowUp', '↑', parameter('t', '22')],
    ['[', '[', parameter('t', '21')],
    ['ArrowDown', '↓', parameter('t', '20')],
    ['}', '}', parameter('t', '30')],
    ['{', '{', parameter('t', '20')],
    ['t', 't', focused(/^Time t, exact value/)],
    ['e', 'e', focused(/^Episode number/)],
    ['g', 'g', parameter('policy', 'sample')],
    ['g', 'g', parameter('policy', null)],
    ['1', '1', shown('actions', false)],
    ['2', '2', shown('value', false)],
    ['3', '3', shown('pathway', false)],
    ['4', '4', shown('lstm', false)],
    ['5', '5', shown('observed', true)],
    ['w', 'w', unticked('Path')],
    ['c', 'c', unticked('Charts')],
    ['a', 'a', () => page.locator('dialog.map').isVisible()],
    ['Escape', 'Esc', () => page.locator('dialog.map').isHidden()],
    ['d', 'd', has('data-theme', 'dark', page.locator('html'))],
    ['b', 'b', panes('branch-0', 1)],
    ['Escape', 'Esc', panes('branch-0', 0)],
    ['y', 'y', panes('own', 1)],
    ['Escape', 'Esc', panes('own', 0)],
  ];
  for (const [key, , isSo] of tries) {
    await viewer.press(key);
    await viewer.until(isSo as () => Promise<boolean>);
  }
  for (const key of ['r', 's', 'f', 'v']) expect(await saves(key)()).toBe(true);
  const tried = new Set([...tries.map(([, name]) => name), '?', 'r', 's', 'f', 'v']);
  expect(listed.filter((name) => !tried.has(name))).toEqual([]);
});

test('a branch has another number from a step on, and its address leads back to it', async () => {
  const viewer = await view('?t=20&step=4');
  await viewer.labelled(/^Branch/).click();
  await viewer.pane('branch-1').waitFor();
  await viewer.labelled('Time t').first().fill('29');
  await viewer.untilAsked({ number: 20, branch: { at: 4, number: 30 } });
  await viewer.pane('branch-0').locator('h2').filter({ hasText: '30' }).waitFor();
  expect(await clockOf(viewer, 'agent-0')).toBe('step 4 of 20');
  expect(await clockOf(viewer, 'branch-0')).toBe('step 4 of 30');
  await viewer.press('5');
  for (const name of ['agent-0', 'branch-0', 'branch-1']) {
    const observed = viewer.pane(name).locator('[data-readout="observed"]');
    await observed.filter({ hasText: '56 × 56' }).waitFor({ state: 'attached' });
  }
  expect(await viewer.steps()).toEqual([4, 4, 4, 4]);
  const again = await Viewer.open(viewer.server, new URL(viewer.page.url()).search);
  await again.pane('branch-0').waitFor();
  expect(await again.steps()).toEqual([4, 4, 4, 4]);
});

test('a person plays the same world as the agents', async () => {
  const viewer = await view('?t=20&episode=1');
  await viewer.labelled(/^Play it yourself/).click();
  await viewer.pane('own').waitFor();
  const keys = { ArrowUp: 0, ArrowDown: 1, ArrowLeft: 2, ArrowRight: 3, ' ': 4 };
  const world = make('TimedGrid-v0');
  world.reset({ seed: startSeed(1), options: { time: 20 } });
  let step = 0;
  for (const [key, action] of Object.entries(keys)) {
    const { terminated } = world.step(action);
    await viewer.press(key);
    step += 1;
    await viewer.untilStep(step, 'own');
    if (terminated) break;
  }
  expect(await viewer.step('agent-1')).toBe(step);
  const { picture } = stepsOf(viewer, 'you').at(-1)!;
  expect([...viewer.pictures.get(picture)!.pixels]).toEqual([...world.render().pixels]);
});

test('it stays at its moment while the server restarts', async () => {
  const viewer = await view('?t=20&episode=4&step=3');
  const port = await viewer.loseServer();
  await viewer.press('ArrowRight');
  expect(await viewer.step()).toBe(4);
  await viewer.findServer(await pair(), port);
  expect(await viewer.step()).toBe(4);
  await viewer.press('n');
  await viewer.untilParameter('episode', 5);
  await viewer.untilAsked({ seed: 5, number: 20 });
});

test('a click on the timeline or a readout goes to that step', async () => {
  const viewer = await view('?t=30&step=0');
  await viewer.untilWhole();
  const timeline = viewer.page.locator('.timeline canvas');
  const { width } = (await timeline.boundingBox())!;
  await timeline.click({ position: { x: width - 15, y: 30 } });
  await viewer.until(async () => (await viewer.step()) > 0);
  const end = Number(viewer.parameter('step'));
  const value = viewer.pane('agent-0').locator('[data-readout="value"] canvas');
  const half = (await value.boundingBox())!.width / 2;
  await value.click({ position: { x: half, y: 10 } });
  await viewer.until(() => Math.abs(Number(viewer.parameter('step')) - end / 2) <= 1);
});

test('its charts read out what the pointer is on: a number to set, a moment of training to pin', async () => {
  const viewer = await view('?t=30&step=0');
  const { page } = viewer;
  const readingOf = (title: string, text: RegExp) =>
    page.locator('.chart').filter({ hasText: title }).locator('.reading').filter({ hasText: text });
  const plotOf = (title: string) =>
    page.locator('.chart').filter({ hasText: title }).locator('.u-over');
  await plotOf('Exact episodes by time').click({ position: { x: 3, y: 40 } });
  await viewer.until(() => viewer.parameter('t') !== '30');
  const t = viewer.parameter('t');
  await viewer.until(async () => (await viewer.task()).includes(`step ${t}`));

  const atRest = /^2\.00M frames · baseline\s9\.\d · nac\s9\.\d$/;
  await page.mouse.move(10, 10);
  await readingOf('Reward during training', atRest).waitFor();
  const plot = plotOf('Reward during training');
  const { width } = (await plot.boundingBox())!;
  await plot.click({ position: { x: width / 2, y: 40 } });
  await page.mouse.move(10, 10);
  await readingOf('Reward during training', /^(0\.9|1\.0)\dM frames · baseline/).waitFor();
  await plot.click({ position: { x: width - 2, y: 40 } });
  await page.mouse.move(10, 10);
  await readingOf('Reward during training', atRest).waitFor();
});

test('it fits a screen of 1280 × 800 and a phone, and follows the theme of the system', async () => {
  const sizes = '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]';
  const wide = await view('?step=0');
  expect(await wide.page.evaluate(sizes)).toEqual([1280, 800]);
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const };
  const narrow = await Viewer.open(wide.server, '?step=0', phone);
  expect(((await narrow.page.evaluate(sizes)) as number[])[0]).toBe(390);
  expect(await narrow.page.locator('html').getAttribute('data-theme')).toBe('dark');
});
