import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { make } from '../../env/index.ts';
import { stepsOf, Viewer } from './page-in-browser.ts';
import { scriptedAgents } from './scripted-agents.ts';

const [UP, WAIT] = [0, 4];
/** With t = 5 the timed grid ends after this many steps. */
const LIMIT = 17;

const agents = () => scriptedAgents(() => make('TimedGrid-v0'), [[UP, WAIT], [WAIT]]);

test('keys work after a slider, a list or a field was used by pointer', async () => {
  const viewer = await Viewer.of(agents(), '?t=20&step=0');
  await viewer
    .labelled('Time t')
    .first()
    .click({ position: { x: 12, y: 8 } });
  await viewer.until(() => viewer.parameter('t') !== '20');
  const number = viewer.parameter('t');
  await viewer.press('ArrowRight');
  await viewer.untilParameter('step', 1);
  expect(viewer.parameter('t')).toBe(number);

  await viewer.labelled(/^Speed/).selectOption('8');
  await viewer.press(' ');
  await viewer.untilParameter('step', null);
  await viewer.press('k');

  await viewer.labelled(/^Episode number/).click();
  await viewer.press('ControlOrMeta+a', '7', ' ');
  await viewer.untilParameter('step', null);
  expect(viewer.parameter('episode')).toBe('7');
});

test('a focused control keeps its own keys, and only those', async () => {
  const viewer = await Viewer.of(agents(), '?t=20&step=2');
  await viewer.labelled('Step of the episode').focus();
  await viewer.press('ArrowRight');
  await viewer.untilParameter('step', 3);
  await viewer.press(' ');
  await viewer.untilParameter('step', null);
  await viewer.press('k');

  await viewer.labelled('Time t').first().focus();
  await viewer.press('ArrowRight');
  await viewer.untilParameter('t', 21);
  await viewer.press('n');
  await viewer.untilParameter('episode', 1);

  const speed = viewer.labelled(/^Speed/);
  await speed.focus();
  await viewer.press('ArrowDown');
  await viewer.until(async () => (await speed.inputValue()) === '2');
  await viewer.press('n');
  await viewer.untilParameter('episode', 2);
  expect(await speed.evaluate((list) => list.matches(':focus'))).toBe(true);
});

test('a field with invalid text returns to its number, and a notice says why', async () => {
  const viewer = await Viewer.of(agents(), '?t=20&episode=3&step=0');
  const fields = [
    { label: /^Episode number/, invalid: ['-3', '', '1.5', '2000000000'], value: '3' },
    { label: /^Time t, exact value/, invalid: ['', '0', '50000'], value: '20' },
  ];
  for (const { label, invalid, value } of fields) {
    const field = viewer.labelled(label);
    for (const [turn, text] of invalid.entries()) {
      await field.fill(text);
      await viewer.press(turn % 2 === 0 ? 'Enter' : 'Tab');
      await viewer.until(async () => (await field.inputValue()) === value);
      await viewer.page.getByText(/must be a whole number from/).waitFor();
    }
  }
  const asked = viewer.sent.filter(({ kind }) => kind === 'episode');
  expect(asked.every((one) => 'number' in one && one.number === 20)).toBe(true);
  expect(viewer.parameter('episode')).toBe('3');
});

test('Escape closes what is open, and ends a play only if nothing is', async () => {
  const viewer = await Viewer.of(agents(), '?t=20&step=0');
  const { page } = viewer;
  await viewer.press('y');
  await viewer.pane('own').waitFor();
  await viewer.press('?');
  await page.locator('dialog[open]').waitFor();
  await viewer.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await viewer.labelled(/^Save/).first().click();
  await page.locator('#save-menu').waitFor();
  await viewer.press('Escape');
  await page.locator('#save-menu').waitFor({ state: 'hidden' });
  expect(await viewer.pane('own').count()).toBe(1);
  await viewer.press('Escape');
  await viewer.pane('own').waitFor({ state: 'detached' });
});

test('every control names the key that does the same', async () => {
  const { page } = await Viewer.of(agents(), '?t=20&step=0');
  await page.keyboard.press('?');
  const keys = await page.locator('dialog kbd').allTextContents();
  const listed = keys.map((key) => key.toUpperCase());
  const hinted = await page.locator('.menu kbd').allTextContents();
  expect(hinted.length).toBe(await page.locator('.menu .choice').count());
  expect(hinted.filter((key) => !listed.includes(key))).toEqual([]);
  const controls = page.locator(
    '.controls :is(input, select), .controls button:not(.pad *, [popovertarget]), .tools > button',
  );
  const titles = await controls.evaluateAll((all) => all.map((one) => one.getAttribute('title')));
  expect(titles.filter((title) => !/[([]/.test(title ?? ''))).toEqual([]);
});

test('Back and Forward lead through the chosen episodes, not through moments', async () => {
  const viewer = await Viewer.of(agents(), '?t=20&step=2');
  const { page } = viewer;
  await viewer.press('ArrowRight', 'ArrowRight');
  await viewer.untilParameter('step', 4);
  await viewer.press('n');
  await viewer.untilParameter('episode', 1);
  await viewer.untilParameter('step', 0);
  await page.goBack();
  await viewer.untilParameter('step', 4);
  expect(viewer.parameter('episode')).toBe('0');
  await viewer.untilStep(4);
  await page.goForward();
  await viewer.untilParameter('episode', 1);
  await viewer.untilAsked({ seed: 1 });
  await viewer.untilStep(0);

  await viewer.press('y');
  await viewer.pane('own').waitFor();
  await viewer.press(' ');
  await viewer.untilStep(1, 'own');
  await page.goBack();
  await page.getByRole('dialog', { name: 'End your play?' }).waitFor();
  await viewer.press('Escape');
  await viewer.untilParameter('episode', 1);
  expect(await viewer.step('own')).toBe(1);
  await page.goBack();
  await page.getByRole('button', { name: 'End it' }).click();
  await viewer.untilParameter('episode', 0);
  await viewer.pane('own').waitFor({ state: 'detached' });
});

/** The page with a person who plays. */
async function play(options: Parameters<Browser['newPage']>[0] = {}): Promise<Viewer> {
  const viewer = await Viewer.of(agents(), '?t=5&step=0', options);
  await viewer.labelled(/^Play it yourself/).dispatchEvent('click');
  await viewer.pane('own').waitFor();
  return viewer;
}

/** Presses a key several times before the page can do anything else. @param after milliseconds since the last time */
const tap = ({ page }: Viewer, key: string, times: number, after = 0) =>
  page.evaluate(
    `for (let i = 0; i < ${times}; i++) {
      const event = new KeyboardEvent('keydown', { key: '${key}', bubbles: true, cancelable: true });
      globalThis.now = (globalThis.now ?? event.timeStamp) + (i === 0 ? ${after} : 1);
      Object.defineProperty(event, 'timeStamp', { value: globalThis.now });
      document.body.dispatchEvent(event);
    }`,
  );

test('a play takes every move, however fast the keys are pressed', async () => {
  const viewer = await play();
  await tap(viewer, ' ', 9);
  await viewer.untilStep(9, 'own');
  const acts = viewer.sent.filter((message) => message.kind === 'act');
  expect(acts.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await viewer.page.locator('.notice').isVisible()).toBe(false);
});

test('a play stays at its end while somebody keeps tapping, until they pause', async () => {
  const viewer = await play();
  // The move after the last one can be on its way before the end has arrived.
  viewer.provoked.push(/the episode is over after 17 steps/);
  await tap(viewer, ' ', LIMIT + 10);
  await viewer.pane('own').and(viewer.page.locator('[data-verdict="never"]')).waitFor();
  await tap(viewer, ' ', 5, 300);
  await tap(viewer, 'ArrowLeft', 1, 300);
  expect(await viewer.step('own')).toBe(LIMIT);
  expect(await viewer.page.locator('.notice').isVisible()).toBe(false);
  expect(viewer.parameter('step')).toBe(String(LIMIT));
  await tap(viewer, 'ArrowLeft', 1, 5000);
  await viewer.untilStep(LIMIT - 1, 'own');
  await tap(viewer, ' ', 1, 5000);
  await viewer.untilParameter('step', null);
});

test('a play continues after the server has restarted, with the moves made meanwhile', async () => {
  const viewer = await play();
  await tap(viewer, ' ', 3);
  await viewer.untilStep(3, 'own');
  const port = await viewer.loseServer();
  await tap(viewer, ' ', 2);
  expect(await viewer.step('own')).toBe(3);
  await viewer.findServer(agents(), port);
  await viewer.untilStep(5, 'own');
  const actions = [WAIT, WAIT, WAIT];
  expect(viewer.sent.findLast(({ kind }) => kind === 'play')).toMatchObject({ actions });
  await tap(viewer, ' ', 1);
  await viewer.untilStep(6, 'own');
});

test('what would end a play asks first, and Escape ends it at once', async () => {
  const viewer = await play();
  const { page } = viewer;
  const dialog = page.getByRole('dialog', { name: 'End your play?' });
  await viewer.press('n');
  await viewer.pane('own').waitFor({ state: 'detached' });
  const ends = ['n', ']', 'g', 'Escape'];
  for (const key of ends) {
    await viewer.press('y');
    await viewer.pane('own').waitFor();
    await tap(viewer, ' ', 2);
    await viewer.untilStep(2, 'own');
    const address = page.url();
    await viewer.press(key);
    if (key !== 'Escape') {
      await dialog.getByText('Your 2 moves will be lost.').waitFor();
      await viewer.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect([page.url(), await viewer.step('own')]).toEqual([address, 2]);
      await viewer.press(key);
      await dialog.getByRole('button', { name: 'End it' }).click();
    }
    await viewer.pane('own').waitFor({ state: 'detached' });
  }
  await viewer.untilParameter('episode', 2);
  expect([viewer.parameter('t'), viewer.parameter('policy')]).toEqual(['6', 'sample']);
  const cancelled = viewer.sent.flatMap((one) => (one.kind === 'cancel' ? [one.id] : []));
  const left = viewer.sent.filter((one) => one.kind === 'play' && !cancelled.includes(one.id));
  expect(left).toEqual([]);
  expect(await viewer.page.locator('.notice').isVisible()).toBe(false);
});

test('a play needs no keyboard', async () => {
  const viewer = await play({ viewport: { width: 390, height: 844 }, hasTouch: true });
  const { page } = viewer;
  for (const move of ['up', 'wait', 'left'])
    await page.getByRole('button', { name: move, exact: true }).tap();
  await viewer.untilStep(3, 'own');
  expect(stepsOf(viewer, 'you').map(({ action }) => action)).toEqual([0, 4, 2]);
  expect(await viewer.pane('own').textContent()).not.toContain('arrow keys');
  await page.getByRole('button', { name: 'End your play' }).tap();
  await viewer.pane('own').waitFor({ state: 'detached' });
  expect(await page.locator('.pad').isVisible()).toBe(false);
  expect(await viewer.labelled(/^Play \(/).isVisible()).toBe(true);
});

test('a person is told why their own play cannot branch', async () => {
  const viewer = await play();
  expect(await viewer.labelled(/^Branch: not while you play/).isDisabled()).toBe(true);
  await viewer.press('b');
  await viewer.page.getByText(/only agents repeat their actions/).waitFor();
  expect(await viewer.pane('own').count()).toBe(1);
});
