import { expect, test } from 'vitest';
import { make } from '../../env/index.ts';
import { signedColour } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { formatNumber } from '../../viewer/format-number.ts';
import { saturatedShare } from '../../viewer/readouts/weight-sizes.ts';
import { Corridor } from '../env/corridor.ts';
import { DRAWN, stepsOf, trained, untrained, Viewer } from './page-in-browser.ts';
import { scriptedAgents } from './scripted-agents.ts';

const MOMENT = 3;

/** Two agents with accumulators, at a moment of a whole episode. */
async function view(): Promise<Viewer> {
  const viewer = await Viewer.of(untrained(['nac-stateless', 'nac-clock']), `?t=14&step=${MOMENT}`);
  await viewer.untilWhole();
  await viewer.page.evaluate(DRAWN);
  return viewer;
}

const agentsOf = ({ received }: Viewer): readonly AgentInfo[] =>
  (received.find(({ kind }) => kind === 'hello') as { agents: readonly AgentInfo[] }).agents;

/** What a readout's canvas shows. */
async function drawing({ page }: Viewer, agent: number, canvas: string) {
  const [width, height, data] = await page.evaluate<[number, number, number[]]>(`(() => {
    const canvas = document.querySelector('[data-pane="agent-${agent}"] ${canvas}');
    const { width, height } = canvas;
    return [width, height, [...canvas.getContext('2d').getImageData(0, 0, width, height).data]];
  })()`);
  const colour = (x: number, y: number) => {
    const at = 4 * (Math.floor(y) * width + Math.floor(x));
    return `rgb(${data.slice(at, at + 3).join(' ')})`;
  };
  /** The colours of a grid of cells, row by row. */
  const cells = (count: number, columns: number, rows: number) =>
    Array.from({ length: count }, (_, index) => {
      const [across, down] = [index % columns, Math.floor(index / columns)];
      return colour(((across + 0.45) / columns) * width, ((down + 0.45) / rows) * height);
    });
  return { width, height, colour, cells };
}

/** An agent's colour, as the canvas has it. */
function colourOf({ page }: Viewer, agent: number): Promise<string> {
  return page.evaluate(`(() => {
    const pane = document.querySelector('[data-pane="agent-${agent}"]');
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.fillStyle = getComputedStyle(pane).getPropertyValue('--agent');
    context.fillRect(0, 0, 1, 1);
    return 'rgb(' + [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(' ') + ')';
  })()`);
}

const readoutValue = (viewer: Viewer, agent: number, readout: string) =>
  viewer.pane(`agent-${agent}`).locator(`[data-readout="${readout}"] .value`).innerText();

test('the weights of an accumulator have their colours, and a caption counts the saturated ones', async () => {
  const viewer = await view();
  for (const [agent, { nac }] of agentsOf(viewer).entries()) {
    const { inputs, outputs, weights } = nac!;
    const { cells } = await drawing(viewer, agent, '.weights');
    const own = await colourOf(viewer, agent);
    const expected = weights.map((weight) => signedColour(weight, 'light', own));
    expect(cells(weights.length, outputs, inputs.length)).toEqual(expected);
    const share = `${Math.round(saturatedShare(weights) * 100)}\u00a0%`;
    const caption = viewer.pane(`agent-${agent}`).locator('.caption');
    expect(await caption.innerText()).toBe(`${share} of weights near −1, 0, 1`);
  }
});

test('the outputs of an accumulator have one scale for the episode, and its clock is read out', async () => {
  const viewer = await view();
  const { outputs: count } = agentsOf(viewer)[1]!.nac!;
  const steps = stepsOf(viewer, 1);
  const all = steps.flatMap(({ pathway }) => pathway!.slice(0, count).map(Number));
  const most = Math.max(1, ...all.map(Math.abs));
  const { width, height, colour } = await drawing(viewer, 1, '.outputs');
  const ink = await colourOf(viewer, 1);
  steps[MOMENT]!.pathway!.slice(0, count).forEach((output, index) => {
    const x = ((index + 0.5) / count) * width;
    const rows = Array.from({ length: height }, (_, y) => y).filter((y) => colour(x, y) === ink);
    const length = (Number(output) / most) * (height / 2 - 1);
    expect(Math.abs(rows.length - Math.abs(length))).toBeLessThanOrEqual(2);
    const above = rows.filter((y) => y < height / 2).length;
    if (rows.length > 2) expect(above > rows.length / 2).toBe(length > 0);
  });
  const clock = steps[MOMENT]!.pathway!.slice(count);
  expect(clock).toHaveLength(1);
  const value = await readoutValue(viewer, 1, 'pathway');
  expect(value).toMatch(/^clock −?\d/);
  expect(Number(value.replace('clock ', '').replace('−', '-'))).toBeCloseTo(clock[0]!, 0);
});

test('a pathway is called by its own label, and says what the LSTM gets', async () => {
  const source = scriptedAgents(() => new Corridor(), [[1], [0]]);
  const own = { pathwayLabel: 'Fourier features', pathwaySummary: 'The LSTM gets waves.' };
  const agents = source.agents.map((agent, index) => (index === 0 ? { ...agent, ...own } : agent));
  const viewer = await Viewer.of({ ...source, agents }, '?step=1');
  const readout = (agent: number) =>
    viewer.pane(`agent-${agent}`).locator('[data-readout="pathway"]').innerText();
  expect((await readout(0)).split(/\n+/)).toEqual([
    'Fourier features',
    '?',
    'The LSTM gets waves.',
  ]);
  expect((await readout(1)).split(/\n+/)).toEqual(['Pathway', '?']);
});

test('the memory has a square for each unit', async () => {
  const viewer = await view();
  const units = stepsOf(viewer, 0)[MOMENT]!.lstm!;
  const { width, height, cells } = await drawing(viewer, 0, '[data-readout="lstm"] canvas');
  const columns = Math.ceil(Math.sqrt((units.length * width) / height));
  const drawn = cells(units.length, columns, Math.ceil(units.length / columns));
  const own = await colourOf(viewer, 0);
  expect(drawn).toEqual(units.map((unit) => signedColour(unit!, 'light', own)));
});

test('the line of expected rewards marks the one at the moment on screen', async () => {
  const viewer = await view();
  const steps = stepsOf(viewer, 0);
  const values = steps.map(({ value }) => value!);
  const [least, most] = [Math.min(0, ...values), Math.max(10, ...values)];
  const span = Math.max(...[0, 1].map((agent) => stepsOf(viewer, agent).length));
  const { width, height, colour } = await drawing(viewer, 0, '[data-readout="value"] canvas');
  const ink = await colourOf(viewer, 0);
  const x = (MOMENT / span) * (width - 2) + 1;
  const y = height - 2 - ((values[MOMENT]! - least) / (most - least)) * (height - 4);
  expect(colour(x, y)).toBe(ink);
  expect(colour(x, y > height / 2 ? y - 12 : y + 12)).not.toBe(ink);
  const value = await readoutValue(viewer, 0, 'value');
  expect(value).toMatch(new RegExp(`^${formatNumber(values[MOMENT]!)}(, actual| /) −?\\d`));
});

test('the page shows the pixels that the agent sees, and its probabilities', async () => {
  const viewer = await Viewer.of(trained('baseline', 'nac'), '?t=20&step=2');
  await viewer.press('5');
  const seen = viewer.pane('agent-1').locator('[data-readout="observed"]');
  await seen.filter({ hasText: '56 × 56' }).waitFor();
  const { cells } = await drawing(viewer, 1, '[data-readout="observed"] canvas');
  const step = stepsOf(viewer, 1)[2]!;
  const { pixels } = viewer.pictures.get(step.observed!)!;
  const expected = Array.from({ length: 56 * 56 }, (_, at) => {
    return `rgb(${[...pixels.subarray(3 * at, 3 * at + 3)].join(' ')})`;
  });
  expect(cells(56 * 56, 56, 56)).toEqual(expected);
  const bars = viewer.pane('agent-1').locator('.bars li');
  expect(await bars.count()).toBe(5);
  for (const [action, probability] of step.probabilities!.entries()) {
    const bar = bars.nth(action);
    expect(await bar.textContent()).toContain(`${Math.round(probability! * 100)} %`);
    const isTaken = (await bar.getAttribute('class')) === 'taken';
    expect(isTaken).toBe(action === step.action);
  }
});

test('a “?” explains each panel, by pointer and by keyboard, one at a time', async () => {
  const viewer = await view();
  const { page } = viewer;
  const explanation = page.locator('.explanation');
  const about = (agent: number, name: string) =>
    viewer.pane(`agent-${agent}`).getByLabel(`About: ${name}`);
  await about(0, 'Actions').click();
  await explanation.getByText('How likely the agent is to take each action').waitFor();
  await about(1, 'Pathway').click();
  await explanation.getByText(/a clock .* A neural accumulator/).waitFor();
  await viewer.press('Escape');
  await explanation.waitFor({ state: 'hidden' });
  await about(0, 'Memory (LSTM)').focus();
  await viewer.press('Enter');
  await explanation.getByText('What the agent carries from one step to the next').waitFor();
  const [inside, focused] = await page.evaluate<[boolean, string]>(`(() => {
    const { left, right, top, bottom } = document.querySelector('.explanation').getBoundingClientRect();
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    return [inside, document.activeElement.getAttribute('aria-label')];
  })()`);
  expect([inside, focused]).toEqual([true, 'About: Memory (LSTM)']);
  await viewer.press('Escape');
  await explanation.waitFor({ state: 'hidden' });
});

test('a network that overflowed is shown as that, not as certain', async () => {
  const nowhere = new Float32Array(5).fill(Number.NaN);
  const overflowed = { probabilities: nowhere, value: Number.NaN, nextState: new Float32Array() };
  const source = scriptedAgents(() => make('TimedGrid-v0'), [[4]], 1_000, overflowed);
  const viewer = await Viewer.of(source, '?t=14&step=3');
  const pane = viewer.pane('agent-0');
  expect(await pane.locator('.verdict').textContent()).toBe('The network overflowed');
  expect(await readoutValue(viewer, 0, 'actions')).toBe('overflowed');
  expect(await readoutValue(viewer, 0, 'value')).toBe('overflowed');
  expect(await pane.locator('.bars').textContent()).not.toContain('%');
});
