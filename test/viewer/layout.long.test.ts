import { expect, test } from 'vitest';
import { flawsOf } from './layout-flaws.ts';
import { untrained, Viewer } from './page-in-browser.ts';

const PATHWAYS = ['baseline', 'nac', 'nac-stateless', 'nac-clock'] as const;
const SIZES = [
  { width: 900, height: 700 },
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

/** What is wrong at each size of the window, the last one being 1280 × 800. */
async function flaws({ page }: Viewer): Promise<string[]> {
  const found: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.evaluate('new Promise((done) => setTimeout(done, 150))');
    found.push(...(await flawsOf(page)).map((flaw) => `${size.width} × ${size.height}: ${flaw}`));
  }
  const [width, height] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]',
  );
  if (width > 1280 || height > 800) found.push(`scrolls: ${width} × ${height}`);
  return found;
}

const smallestSide = ({ page }: Viewer) =>
  page.evaluate<number>(
    'Math.min(...[...document.querySelectorAll(".screen")].flatMap(({ clientWidth, clientHeight }) => [clientWidth, clientHeight]))',
  );

const ended = (viewer: Viewer) =>
  viewer.until(async () => {
    await viewer.press('End');
    return (await viewer.page.locator('.pane[data-verdict="none"]').count()) === 0;
  });

test.each([
  [1, 392, 392],
  [2, 392, 280],
  [3, 280, 224],
  [4, 280, 168],
])(
  'the page of %d agents keeps everything readable, at an end, with a branch, and with a person',
  async (agents, side, branched) => {
    const viewer = await Viewer.of(untrained(PATHWAYS.slice(0, agents)), '?t=14&step=3');
    await ended(viewer);
    expect(await flaws(viewer)).toEqual([]);
    expect(await smallestSide(viewer)).toBe(side);

    await viewer.press('Home', 'b');
    await viewer.pane(`branch-${agents - 1}`).waitFor();
    await ended(viewer);
    expect(await flaws(viewer)).toEqual([]);
    expect(await smallestSide(viewer)).toBe(branched);

    await viewer.press('Escape', '5', 'y');
    await viewer.pane('own').getByText('Your move').waitFor();
    expect(await flaws(viewer)).toEqual([]);
  },
);
