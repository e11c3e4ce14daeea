import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { signedColour } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { formatNumber } from '../../viewer/format-number.ts';
import { countBySize, saturatedShare } from '../../viewer/readouts/saturation.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hasBrowser, openBrowser, serve, showOf, stepsOf, Viewer } from './page-in-browser.ts';

test('weights are counted by size, and as saturated where they are at −1, 0 or 1', () => {
  const weights = [-1, -0.97, -0.5, 0.04, 0, 0.06, 0.94, 1];
  expect(saturatedShare(weights)).toBe(5 / 8);
  expect(saturatedShare([])).toBe(0);
  const counts = countBySize(weights);
  expect(counts).toHaveLength(21);
  expect([counts[0], counts[5], counts[10], counts[11], counts[20]]).toEqual([2, 1, 2, 1, 1]);
});

test('a figure has a minus that looks like one, and nothing is never negative', () => {
  const figures = [
    formatNumber(-0.62),
    formatNumber(3),
    formatNumber(-0.04),
    formatNumber(-2.345, 2),
  ];
  expect(figures).toEqual(['−0.6', '3.0', '0.0', '−2.35']);
});

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  const MOMENT = 3;

  /** The page of two agents with accumulators, neither of them trained, at a moment of a whole episode. */
  async function view(): Promise<Viewer> {
    const folder = temporaryFolder();
    const paths = (['nac-stateless', 'nac-clock'] as const).map((pathway) => {
      const path = join(folder, pathway);
      saveRun(path, { envOptions: {}, config: { pathway } });
      return path;
    });
    const show = await showOf(paths);
    onTestFinished(() => show.close());
    const server = await serve(show);
    onTestFinished(() => server.close());
    const viewer = await Viewer.open(browser, server, `?t=14&step=${MOMENT}`);
    await viewer.until(() => viewer.received.filter(({ kind }) => kind === 'end').length >= 2);
    await viewer.page.evaluate('new Promise((done) => setTimeout(done, 200))');
    return viewer;
  }

  const agentsOf = ({ received }: Viewer): readonly AgentInfo[] =>
    (received.find(({ kind }) => kind === 'hello') as { agents: readonly AgentInfo[] }).agents;

  interface Drawing {
    width: number;
    height: number;
    colour(x: number, y: number): string;
  }

  /** What a readout's canvas shows. */
  async function drawing({ page }: Viewer, agent: number, canvas: string): Promise<Drawing> {
    const [width, height, data] = await page.evaluate<[number, number, number[]]>(`(() => {
      const canvas = document.querySelector('[data-pane="agent-${agent}"] ${canvas}');
      const { width, height } = canvas;
      return [width, height, [...canvas.getContext('2d').getImageData(0, 0, width, height).data]];
    })()`);
    const colour = (x: number, y: number) => {
      const at = 4 * (Math.floor(y) * width + Math.floor(x));
      return `rgb(${data.slice(at, at + 3).join(' ')})`;
    };
    return { width, height, colour };
  }

  test('draws the weights of an accumulator in their colours, and says how many are saturated', async () => {
    const viewer = await view();
    for (const [agent, { nac }] of agentsOf(viewer).entries()) {
      const { inputs, outputs, weights } = nac!;
      const { width, height, colour } = await drawing(viewer, agent, '.weights');
      const drawn = weights.map((_, index) => {
        const [across, down] = [index % outputs, Math.floor(index / outputs)];
        return colour(
          ((across + 0.45) / outputs) * width,
          ((down + 0.45) / inputs.length) * height,
        );
      });
      expect(drawn).toEqual(weights.map((weight) => signedColour(weight, 'light')));
      const share = `${Math.round(saturatedShare(weights) * 100)} %`;
      const caption = viewer.pane(`agent-${agent}`).locator('.caption');
      expect(await caption.innerText()).toBe(`${share} at −1, 0 or 1`);
    }
  });

  test('draws the outputs of an accumulator on one scale for the episode, and says what its clock counts', async () => {
    const viewer = await view();
    const { outputs: count } = agentsOf(viewer)[1]!.nac!;
    const steps = stepsOf(viewer, 1);
    const all = steps.flatMap(({ pathway }) => pathway!.slice(0, count).map(Number));
    const most = Math.max(1, ...all.map(Math.abs));
    const { width, height, colour } = await drawing(viewer, 1, '.outputs');
    const own = await viewer.page.evaluate<string>(
      `getComputedStyle(document.querySelector('[data-pane="agent-1"]')).getPropertyValue('--agent')`,
    );
    const ink = `rgb(${[1, 3, 5].map((at) => Number.parseInt(own.slice(at, at + 2), 16)).join(' ')})`;
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
    const says = viewer.pane('agent-1').locator('[data-readout="pathway"] .figure');
    expect(await says.textContent()).toMatch(/^clock −?\d/);
    const said = (await says.textContent())!.replace('clock ', '').replace('−', '-');
    expect(Number(said)).toBeCloseTo(clock[0]!, 0);
  });

  test('draws the memory, a square a unit', async () => {
    const viewer = await view();
    const units = stepsOf(viewer, 0)[MOMENT]!.lstm!;
    const { width, height, colour } = await drawing(viewer, 0, '[data-readout="lstm"] canvas');
    const columns = Math.ceil(Math.sqrt((units.length * width) / height));
    const rows = Math.ceil(units.length / columns);
    const drawn = units.map((_, index) => {
      const [across, down] = [index % columns, Math.floor(index / columns)];
      return colour(((across + 0.45) / columns) * width, ((down + 0.45) / rows) * height);
    });
    expect(drawn).toEqual(units.map((unit) => signedColour(unit!, 'light')));
  });

  test('marks on the line of expected rewards the one of the moment on screen', async () => {
    const viewer = await view();
    const steps = stepsOf(viewer, 0);
    const values = steps.map(({ value }) => value!);
    const [least, most] = [Math.min(0, ...values), Math.max(10, ...values)];
    const span = Math.max(...[0, 1].map((agent) => stepsOf(viewer, agent).length));
    const { width, height, colour } = await drawing(viewer, 0, '[data-readout="value"] canvas');
    const x = (MOMENT / span) * (width - 2) + 1;
    const y = height - 2 - ((values[MOMENT]! - least) / (most - least)) * (height - 4);
    expect(colour(x, y)).toBe('rgb(0 158 115)');
    expect(colour(x, y > height / 2 ? y - 12 : y + 12)).not.toBe('rgb(0 158 115)');
    const says = viewer.pane('agent-0').locator('[data-readout="value"] .figure');
    expect(await says.textContent()).toMatch(new RegExp(`^${formatNumber(values[MOMENT]!)}, got `));
  });
});
