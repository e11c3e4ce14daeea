import { expect, test } from 'vitest';
import { make } from '../../env/index.ts';
import { Corridor } from '../env/corridor.ts';
import { Purse } from '../env/purse.ts';
import { trained, Viewer } from './page-in-browser.ts';
import { scriptedAgents } from './scripted-agents.ts';

const [UP, WAIT] = [0, 4];
/** With t = 5 the timed grid ends after this many steps. */
const LIMIT = 17;

const scripts = [
  [WAIT, WAIT],
  [WAIT, WAIT, UP, WAIT],
];
const agents = () => scriptedAgents(() => make('TimedGrid-v0'), scripts);

test('an address with a step that the episode does not have leads to its last one', async () => {
  const viewer = await Viewer.of(agents(), '?t=5&step=9999');
  await viewer.untilParameter('step', LIMIT);
  expect(await viewer.steps()).toEqual([LIMIT, LIMIT]);
});

test('an address with a branch that the episode does not have leads to its last possible one', async () => {
  const viewer = await Viewer.of(agents(), '?t=5&step=3&branch=900&then=9');
  await viewer.untilParameter('branch', LIMIT - 1);
  await viewer.pane('branch-1').waitFor();
  const branch = { at: LIMIT - 1, number: 9 };
  expect(viewer.sent.findLast(({ kind }) => kind === 'episode')).toMatchObject({ branch });
  await viewer.untilParameter('step', 3);
  const timeline = viewer.page.locator('.timeline');
  expect(await timeline.getAttribute('data-branch')).toBe('16');
  expect(await timeline.getAttribute('data-due')).toBe('5 9');
});

test('an address made for other agents says so', async () => {
  const viewer = await Viewer.of(agents(), '?runs=nac-7-4M&t=5&step=3');
  await viewer.page.getByText('This address was made for nac-7-4M').waitFor();
});

test('junk in an address is corrected, and a sentence says how', async () => {
  const viewer = await Viewer.of(agents(), '?t=99999&policy=best&step=3');
  const { page } = viewer;
  await page
    .getByText('The address was corrected: t must be a whole number from 1 to 16,000')
    .waitFor();
  await viewer.untilParameter('t', 16_000);
  expect(viewer.parameter('policy')).toBeNull();
});

test('the first different action is marked in each pane, and announced', async () => {
  const viewer = await Viewer.of(agents(), '?t=5&step=1');
  const { page } = viewer;
  const marks = () =>
    page.evaluate<string>(
      "[...document.querySelectorAll('.parting')].map((mark) => getComputedStyle(mark).opacity).join()",
    );
  const label = () => viewer.pane('agent-0').locator('.screen').getAttribute('aria-label');
  const status = page.getByRole('status').filter({ hasText: /^Step/ });
  expect(await page.locator('.timeline').getAttribute('data-difference')).toBe('2');
  expect(await marks()).toBe('0,0');
  expect(await label()).not.toContain('first different action');
  await viewer.press('ArrowRight');
  await viewer.until(async () => (await marks()) === '1,1');
  expect(await label()).toContain('step 2 of 5, Waiting…, first different action');
  expect(await status.textContent()).toBe('Step 2: first different action.');
  const slider = viewer.labelled('Step of the episode');
  expect(await slider.getAttribute('aria-valuetext')).toBe('step 2 of 5, first different action');
  await viewer.press('ArrowRight');
  await viewer.until(async () => (await marks()) === '0,0');
  await viewer.press('End');
  await page.getByText(/^Step 17: player 1: Never arrived/).waitFor({ state: 'attached' });
});

test('a branch survives a restart of the server, and can be given another number', async () => {
  const source = await trained('baseline', 'nac');
  const viewer = await Viewer.of(source, '?t=20&step=3&branch=3&then=26');
  await viewer.pane('branch-1').waitFor();
  const port = await viewer.loseServer();
  await viewer.press('ArrowRight');
  await viewer.findServer(source, port);
  expect(await viewer.steps()).toEqual([4, 4, 4, 4]);
  expect(viewer.parameter('branch')).toBe('3');
  await viewer.press(']');
  await viewer.untilAsked({ branch: { at: 3, number: 27 } });
  await viewer.pane('branch-0').locator('h2').filter({ hasText: '27' }).waitFor();
});

test('playback continues after a restart of the server, and the page fetches what was missing', async () => {
  const waiting = () => scriptedAgents(() => make('TimedGrid-v0'), [[WAIT], [WAIT]]);
  const viewer = await Viewer.of(waiting(), '?t=1500&episode=4');
  await viewer.labelled(/^Speed/).selectOption('Infinity');
  await viewer.until(async () => (await viewer.step()) > 10);
  const port = await viewer.loseServer();
  await viewer.findServer(waiting(), port);
  const before = await viewer.step();
  await viewer.until(async () => (await viewer.step()) > before);
  expect(viewer.parameter('step')).toBeNull();
  await viewer.press('End');
  await viewer.untilStep(1512);
  expect(await viewer.steps()).toEqual([1512, 1512]);
});

test('End goes to the end, however far it is, and stops on demand; the last steps play from 20 before it', async () => {
  const scripts = [Array(10_000).fill(WAIT)];
  const viewer = await Viewer.of(
    scriptedAgents(() => make('TimedGrid-v0'), scripts),
    '?t=10000&step=1',
  );
  const { page } = viewer;
  const waiting = page.locator('.waiting');
  await viewer.press('End');
  await waiting.waitFor();
  expect(await waiting.textContent()).toMatch(
    /^Going to the end: step [\d,]+ of about 10,000Stop$/,
  );
  await waiting.getByRole('button', { name: 'Stop' }).click();
  await waiting.waitFor({ state: 'hidden' });
  expect(await viewer.step()).toBe(1);
  const askedFor = () =>
    viewer.sent.flatMap((said) => (said.kind === 'credit' ? said.horizon : []));
  expect(Math.max(...askedFor())).toBeLessThan(10_000);

  await viewer.labelled('Go to the end (end)').click();
  await viewer.untilStep(10_012);
  expect(viewer.parameter('step')).toBe('10012');
  await waiting.waitFor({ state: 'hidden' });
  await viewer.press('Home', 'j', ' ');
  expect(await viewer.step()).toBeGreaterThanOrEqual(9_992);
  expect(await viewer.labelled(/^Speed/).inputValue()).toBe('1');
});

test('an address with a branch far from the beginning leads there step by step, or nowhere if it is stopped', async () => {
  const far = '?t=10000&branch=9000&then=9500&step=9400';
  const scripts = [Array(10_000).fill(WAIT)];
  const open = () =>
    Viewer.of(
      scriptedAgents(() => make('TimedGrid-v0'), scripts),
      far,
    );
  const viewer = await open();
  const waiting = viewer.page.locator('.waiting');
  await waiting.filter({ hasText: /^Going to step 9,000: step [\d,]+Stop$/ }).waitFor();
  await viewer.pane('branch-0').waitFor();
  await viewer.untilStep(9_400);
  await waiting.waitFor({ state: 'hidden' });
  expect(viewer.parameter('branch')).toBe('9000');

  const stopped = await open();
  const stop = stopped.page.locator('.waiting').getByRole('button', { name: 'Stop' });
  await stop.click();
  await stop.waitFor({ state: 'hidden' });
  await stopped.press('End');
  await stopped.untilStep(10_012);
  expect(stopped.parameter('branch')).toBeNull();
});

test('of a long episode the timeline shows the steps around the moment on screen, and a bar the whole', async () => {
  const scripts = [Array(1000).fill(WAIT)];
  const viewer = await Viewer.of(
    scriptedAgents(() => make('TimedGrid-v0'), scripts),
    '?t=1000&step=1',
  );
  const timeline = viewer.page.locator('.timeline');
  const shown = async () => (await timeline.getAttribute('data-window'))!.split(' ').map(Number);
  const [first, last] = await shown();
  expect(first).toBe(0);
  await viewer.press('End');
  await viewer.untilStep(1012);
  await viewer.until(async () => (await shown())[1] === 1012);
  expect(await shown()).toEqual([1012 - last!, 1012]);
  const canvas = timeline.locator('canvas');
  const { width, height } = (await canvas.boundingBox())!;
  // Over the bar below, the pointer goes anywhere in the episode; over the lanes, to one of the steps that they show.
  await canvas.click({ position: { x: width / 2, y: height - 8 } });
  const middle = await viewer.step();
  expect(middle).toBeGreaterThan(400);
  expect(middle).toBeLessThan(600);
  const [from, to] = await shown();
  await canvas.click({ position: { x: width - 20, y: 26 } });
  const near = await viewer.step();
  expect(near).toBeGreaterThan((from! + to!) / 2);
  expect(near).toBeLessThanOrEqual(to!);
  await viewer
    .labelled(/^Time t/)
    .first()
    .fill('3');
  await viewer.until(async () => (await timeline.getAttribute('data-window')) === 'all');
});

const clockOf = (viewer: Viewer) =>
  viewer.pane('agent-0').locator('.clock').getAttribute('aria-label');

test('in a world whose number does not count steps, the page names the number and has no due step', async () => {
  const [TAKE, WAIT, LEAVE] = [0, 1, 2];
  const purses = [
    [TAKE, TAKE, TAKE, LEAVE],
    [TAKE, LEAVE],
    [TAKE, TAKE, TAKE, TAKE, TAKE, LEAVE],
    [WAIT],
  ];
  const viewer = await Viewer.of(
    scriptedAgents(() => new Purse(), purses),
    '?t=3&step=2',
  );
  expect(await viewer.task()).toBe('All agents are told k = 3 (coins). Trained only on 1 to 3.');
  expect(await clockOf(viewer)).toBe('step 2');
  const slider = viewer.labelled('Coins k').first();
  expect(await slider.getAttribute('aria-valuetext')).toBe('k = 3');
  await viewer.page.getByText('Exact episodes by coins').waitFor();
  await viewer.press('End');
  const verdicts = ['exact', 'early', 'late', 'never'];
  const texts = ['✓ Exact', '2 too few', '2 too many', '✕ Not done'];
  for (const [agent, verdict] of verdicts.entries()) {
    const pane = viewer.pane(`agent-${agent}`);
    await viewer.until(async () => (await pane.getAttribute('data-verdict')) === verdict);
    expect(await pane.locator('.verdict').textContent()).toBe(texts[agent]);
  }
  await slider.fill('8');
  await viewer.untilAsked({ number: 9 });
  await viewer.until(async () => (await viewer.task()).includes('k = 9'));
});

test('agents that were never trained are called that', async () => {
  const viewer = await Viewer.of(
    scriptedAgents(() => make('TimedGrid-v0'), [[4]], 0),
    '?t=9',
  );
  expect(await viewer.task()).toBe('The agent must arrive at exactly step 9.');
  expect(await viewer.pane('agent-0').locator('.words').textContent()).toContain('untrained');
});

test('in a world of several numbers, the page names each and fixes any', async () => {
  const [UP, PASS] = [0, 4];
  const source = () => scriptedAgents(() => make('TwoTimes-v0'), [[PASS], [UP]]);
  const viewer = await Viewer.of(source(), '?t=13&step=2');
  const drawn = Number(await viewer.labelled(/^First time t1/).getAttribute('placeholder'));
  expect(drawn).toBeGreaterThanOrEqual(4);
  expect(await viewer.task()).toBe(
    `Both agents are told t1 = ${drawn} (first time) and t2 = 13 (second time). Trained only on t1 from 4 to 7 and t2 from 11 to 15.`,
  );
  const field = viewer.labelled(/^First time t1/);
  await field.fill('9');
  await field.press('Enter');
  await viewer.untilAsked({ number: 13, others: { first: 9 } });
  await viewer.until(async () => (await viewer.task()).includes('t1 = 9'));
  await viewer.untilParameter('others', 'first:9');

  const search = new URL(viewer.page.url()).search;
  const again = await Viewer.of(source(), search);
  await again.until(async () => (await again.task()).includes('t1 = 9'));
  await again.press('y');
  await again.pane('own').waitFor();
  expect(again.sent.find(({ kind }) => kind === 'play')).toMatchObject({ others: { first: 9 } });
  await again.press('Escape');
  await again.untilWhole();
  const replay = JSON.parse(String(await again.save('f')));
  expect(replay).toMatchObject({ number: 13, others: { first: 9 } });
  expect(again.savedName).toContain('-t2-13-t1-9-');

  await again.labelled(/^First time t1/).fill('');
  await again.press('Enter');
  await again.untilParameter('others', null);
  await again.until(async () => (await again.task()).includes(`t1 = ${drawn} `));
});

test('in a world that tells no number, the page has no slider, no branch and no chart', async () => {
  const viewer = await Viewer.of(
    scriptedAgents(() => new Corridor(), [[1], [0]]),
    '?step=1',
  );
  expect(await viewer.task()).toBe('Corridor-v0: same world, same start, same step.');
  expect(await clockOf(viewer)).toBe('step 1');
  const { page } = viewer;
  expect(await page.locator('.controls .number').isVisible()).toBe(false);
  expect(await viewer.labelled(/^Branch: not in this world/).isDisabled()).toBe(true);
  expect(await page.locator('.chart:visible').count()).toBe(0);
  expect(viewer.sent.find(({ kind }) => kind === 'episode')).toMatchObject({ number: null });
  await viewer.press('End');
  await viewer
    .pane('agent-0')
    .locator('.verdict')
    .filter({ hasText: /^Reward 1.00$/ })
    .waitFor();
});
