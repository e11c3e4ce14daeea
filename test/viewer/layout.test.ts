import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { pathwaySpecs } from '../../agent/pathways/index.ts';
import { coloursOf, contrast, inkOf, PERSON_COLOUR, THEMES } from '../../src/render/palette.ts';
import { type AvailableRoom, layOutPanes } from '../../viewer/panels/pane-layout.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { flawsOf } from './layout-flaws.ts';
import { hasBrowser, openBrowser, serve, showOf, Viewer } from './page-in-browser.ts';

const PATHWAYS = ['baseline', 'nac', 'nac-stateless', 'nac-clock'] as const;
const DESK = { width: 1280, height: 800 };
const SMALL = { width: 900, height: 700 };
const PHONE = { width: 390, height: 844 };

const PICTURE = { width: 56, height: 56 };
const roomOf = (panes: number, { width, height } = DESK): AvailableRoom => ({
  ...{ width: width - 32, height: height - 137 - 15 * panes, ratio: 1 },
  ...{ isPhone: false, charts: true, readouts: 4 },
});

test.each([
  [1, 'tall', 1, 348, 392],
  [2, 'tall', 2, 348, 392],
  [3, 'tall', 3, 290, 280],
  [4, 'wide', 2, 290, 280],
  [5, 'wide', 3, 0, 224],
  [6, 'wide', 3, 0, 224],
  [8, 'wide', 4, 0, 168],
])(
  '%d panes on 1280 × 800 are %s, in %d columns, beside charts of %d, with pictures of %d',
  (panes, form, columns, charts, side) => {
    const arrangement = layOutPanes(panes, PICTURE, roomOf(panes));
    expect(arrangement).toMatchObject({ form, columns, charts });
    expect(arrangement.picture).toEqual({ width: side, height: side });
  },
);

test('pictures are whole multiples of their pixels on the screen, whatever its ratio, and fit their room', () => {
  for (const ratio of [1, 1.25, 1.5, 2, 3]) {
    for (const picture of [PICTURE, { width: 84, height: 84 }, { width: 90, height: 30 }]) {
      for (const panes of [1, 2, 3, 4, 6]) {
        const { picture: sized } = layOutPanes(panes, picture, { ...roomOf(panes), ratio });
        const scale = (sized.width / picture.width) * ratio;
        expect(scale).toBeCloseTo(Math.round(scale));
        expect(sized.height / picture.height).toBeCloseTo(sized.width / picture.width);
        expect(scale).toBeGreaterThanOrEqual(1);
      }
    }
  }
});

test('charts that nobody wants take no room, and what the agent sees makes no picture smaller', () => {
  const room = roomOf(2);
  expect(layOutPanes(2, PICTURE, { ...room, charts: false }).charts).toBe(0);
  for (const panes of [2, 3, 4]) {
    const [four, five] = [4, 5].map((readouts) =>
      layOutPanes(panes, PICTURE, { ...roomOf(panes), readouts }),
    );
    expect(five!.picture).toEqual(four!.picture);
  }
});

test("every agent's name can be read on the light ground", () => {
  const own = pathwaySpecs().map(({ colour = null }) => ({ colour }));
  const colours = coloursOf([...own, ...new Array(5).fill({ colour: null })]);
  for (const colour of [...colours, PERSON_COLOUR]) {
    expect(contrast(inkOf(colour, 'light'), THEMES.light.ground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(inkOf(colour, 'dark'), THEMES.dark.surface)).toBeGreaterThanOrEqual(4.5);
  }
});

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  /** The page of agents that were never trained. */
  async function view(agents: number): Promise<Viewer> {
    const folder = temporaryFolder();
    const paths = PATHWAYS.slice(0, agents).map((pathway) => join(folder, pathway));
    for (const [index, path] of paths.entries())
      saveRun(path, { envOptions: {}, config: { pathway: PATHWAYS[index]! } });
    const show = await showOf(paths);
    onTestFinished(() => show.close());
    const server = await serve(show);
    onTestFinished(() => server.close());
    return Viewer.open(browser, server, '?t=14&step=3');
  }

  /** What is wrong at each size of the window. */
  async function flaws({ page }: Viewer): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const size of [SMALL, PHONE, DESK]) {
      await page.setViewportSize(size);
      await page.evaluate('new Promise((done) => setTimeout(done, 150))');
      found[`${size.width} × ${size.height}`] = await flawsOf(page);
    }
    return found;
  }
  const NONE = { '900 × 700': [], '390 × 844': [], '1280 × 800': [] };

  const sidesOf = ({ page }: Viewer) =>
    page.evaluate<number[]>(
      '[...document.querySelectorAll(".screen")].map((screen) => Math.min(screen.clientWidth, screen.clientHeight))',
    );

  const ended = (viewer: Viewer) =>
    viewer.until(async () => {
      await viewer.page.keyboard.press('End');
      return (await viewer.page.locator('.pane[data-verdict="none"]').count()) === 0;
    });

  test.each([
    [1, 392, 392],
    [2, 392, 280],
    [3, 280, 224],
    [4, 280, 168],
  ])(
    'of %d agents keeps everything readable, with an end, a branch, and a person',
    async (agents, side, branched) => {
      const viewer = await view(agents);
      const { page } = viewer;
      await ended(viewer);
      expect(await flaws(viewer)).toEqual(NONE);
      expect(Math.min(...(await sidesOf(viewer)))).toBe(side);
      const sizes = '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]';
      expect(await page.evaluate(sizes)).toEqual([1280, 800]);

      await page.keyboard.press('Home');
      await page.keyboard.press('b');
      await viewer.pane(`branch-${agents - 1}`).waitFor();
      await ended(viewer);
      expect(await flaws(viewer)).toEqual(NONE);
      expect(Math.min(...(await sidesOf(viewer)))).toBe(branched);
      expect(await page.evaluate(sizes)).toEqual([1280, 800]);

      await page.keyboard.press('Escape');
      await page.keyboard.press('y');
      await viewer.pane('own').waitFor();
      await viewer.until(async () =>
        (await viewer.pane('own').textContent())!.includes('Your move'),
      );
      expect(await flaws(viewer)).toEqual(NONE);
      expect(await page.evaluate(sizes)).toEqual([1280, 800]);
      expect(viewer.complaints).toEqual([]);
    },
  );
});
