import { Resvg } from '@resvg/resvg-js';
import { parse } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { type Summary, summarise } from '../../src/evaluate/summary.ts';
import { rasterise } from '../../src/render/draw-spec.ts';
import { FIGURE, shorten, spread } from '../../src/render/figure-layout.ts';
import { colourByLabel } from '../../src/render/label-colours.ts';
import {
  drawNumberFigure,
  type FigureSettings,
  figureSpec,
} from '../../src/render/number-figure.ts';
import { COINS, makeEvaluations, range } from './evaluations.ts';

const AGENTS = ['baseline', 'nac', 'nac-stateless', 'clock'];
const NEAR = range(5, 30);
const FAR = [...NEAR, ...range(40, 1000, 40)];

const summary = (agents: number, seeds: number, numbers = NEAR): Summary =>
  summarise(makeEvaluations(AGENTS.slice(0, agents), range(1, seeds), numbers));

/** The shapes drawn for a named mark. */
const shapes = (svg: string, mark: string): string[] =>
  [
    ...svg.matchAll(new RegExp(`<g class="mark-\\w+ role-mark ${mark}_marks"[^>]*>(.*?)</g>`, 'g')),
  ].flatMap(([, content]) => content!.match(/<(path|text|line)[^>]*>/g) ?? []);

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

/** Decodes an image by drawing it at its own size. */
function decode(png: Buffer): { width: number; height: number; pixels: Buffer } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const href = `data:image/png;base64,${png.toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image width="${width}" height="${height}" href="${href}"/></svg>`;
  return { width, height, pixels: new Resvg(svg).render().pixels };
}

function countPixels(pixels: Buffer, colour: string): number {
  const wanted = Number.parseInt(`${colour.slice(1)}ff`, 16);
  let count = 0;
  for (let at = 0; at < pixels.length; at += 4) if (pixels.readUInt32BE(at) === wanted) count++;
  return count;
}

describe('figure', () => {
  it.each([
    [1, 1],
    [2, 1],
    [2, 3],
    [4, 3],
  ])('draws %i agents of %i seeds, a line each, in their colours', async (agents, seeds) => {
    const svg = await drawNumberFigure(summary(agents, seeds));
    const labels = AGENTS.slice(0, agents);
    const colours = colourByLabel(labels);
    for (const panel of ['reward', 'exact']) {
      expect(shapes(svg, `${panel}_lines`)).toHaveLength(agents);
      expect(shapes(svg, `${panel}_dots`)).toHaveLength(agents * NEAR.length);
      expect(shapes(svg, `${panel}_bands`)).toHaveLength(seeds > 1 ? agents : 0);
      expect(shapes(svg, `${panel}_training_range`)).toHaveLength(1);
      expect(shapes(svg, `${panel}_maximum`)).toHaveLength(1);
      for (const label of labels) {
        const line = shapes(svg, `${panel}_lines`).find((shape) =>
          shape.includes(`label: ${label}"`),
        );
        expect(line).toContain(`stroke="${colours.get(label)}"`);
      }
    }
    expect(texts(svg)).toEqual(
      expect.arrayContaining([...labels, 'trained on 5 to 12', 'maximum']),
    );
  });

  it('has a line through the mean rewards, from the first number to the last', async () => {
    const svg = await drawNumberFigure(summary(1, 3, [5, 10, 15]));
    const path = shapes(svg, 'reward_lines')[0]!.match(/ d="([^"]*)"/)![1]!;
    const points = path.match(/[-\d.]+,[-\d.]+/g)!.map((point) => point.split(',').map(Number));
    expect(points).toHaveLength(3);
    expect(points[1]![0]! * 2).toBeCloseTo(points[2]![0]!);
    // The higher the reward, the less far from the top; 10 and 0 are a known distance apart.
    const means = summary(1, 3, [5, 10, 15]).agents[0]!.numbers.map(({ reward }) => reward.mean);
    const perReward = (points[2]![1]! - points[0]![1]!) / (means[0]! - means[2]!);
    expect(points[1]![1]! - points[0]![1]!).toBeCloseTo((means[0]! - means[1]!) * perReward, 1);
    expect(perReward).toBeGreaterThan(15);
  });

  it('shades no training range where agents differ in it', async () => {
    const svg = await drawNumberFigure({ ...summary(2, 1), trainingRange: null });
    expect(shapes(svg, 'reward_training_range')).toHaveLength(0);
    expect(texts(svg).join()).not.toContain('trained on');
  });

  it('says what was measured', async () => {
    expect(texts(await drawNumberFigure(summary(2, 3)))).toContain(
      'Mean of 3 seeds with 95 % bootstrap band · 200 episodes for each t and seed · greedy policy',
    );
    expect(texts(await drawNumberFigure(summary(2, 1)))).toContain(
      'One seed · 200 episodes for each t · greedy policy',
    );
  });

  it('takes a logarithmic axis far beyond training, unless told otherwise', async () => {
    const ticks = async (settings?: FigureSettings) =>
      texts(await drawNumberFigure(summary(2, 1, FAR), settings));
    expect(await ticks()).toEqual(expect.arrayContaining(['5', '10', '20', '50', '100', '1,000']));
    expect(await ticks({ timeAxis: 'linear' })).not.toContain('50');
  });

  it('says of another number what it is', async () => {
    const drawn = texts(await drawNumberFigure({ ...summary(2, 1), number: COINS }));
    expect(drawn).toEqual(
      expect.arrayContaining(['Reward against the coins asked for', 'k, the coins asked for']),
    );
    expect(drawn.join()).toContain('200 episodes for each k');
    expect(drawn.join()).not.toMatch(/number|steps|arriv/i);
    expect(texts(await drawNumberFigure(summary(2, 1)))).toEqual(
      expect.arrayContaining([
        'Reward against the time asked for',
        't, the time asked for (steps)',
        'Episodes exactly as asked for',
      ]),
    );
  });

  it('draws even a single number', async () => {
    const svg = await drawNumberFigure(summary(2, 1, [9]));
    expect(shapes(svg, 'reward_dots')).toHaveLength(2);
    expect(svg).not.toContain('NaN');
  });

  it('gives Vega-Lite nothing to warn of', () => {
    const warnings: unknown[] = [];
    const collect = (...words: unknown[]) => {
      warnings.push(words);
      return logger;
    };
    const ignore = () => logger;
    const logger = { level: ignore, error: collect, warn: collect, info: ignore, debug: ignore };
    for (const numbers of [NEAR, FAR]) {
      parse(compile(figureSpec(summary(4, 3, numbers)), { logger: logger as never }).spec);
    }
    expect(warnings).toEqual([]);
  });

  it('is the same document every time, with a name written as plain text', async () => {
    expect(await drawNumberFigure(summary(2, 3))).toBe(await drawNumberFigure(summary(2, 3)));
    const svg = await drawNumberFigure(summarise(makeEvaluations(['<b>&"'], [1], NEAR)));
    expect(svg).toContain('&lt;b&gt;&amp;"</text>');
  });

  it('keeps all text inside the page, the longest name included', async () => {
    const labels = ['W'.repeat(14), 'an agent with a name that never seems to end'];
    const svg = await drawNumberFigure(summarise(makeEvaluations(labels, [1], FAR)));
    const picture = decode(rasterise(svg, 1));
    const margin = Array.from({ length: picture.height }, (_, y) => y * picture.width * 4);
    const edges = margin.flatMap((start) => [start, start + (picture.width - 2) * 4]);
    for (const at of edges) expect(picture.pixels.readUInt32BE(at)).toBe(0xffffffff);
  });
});

describe('image', () => {
  it('is twice the size of the figure and holds each agent’s colour and text', async () => {
    const { width, height, pixels } = decode(rasterise(await drawNumberFigure(summary(4, 3))));
    expect([width, height]).toEqual([2 * FIGURE.width, 2 * FIGURE.height]);
    for (const colour of colourByLabel(AGENTS).values()) {
      expect(countPixels(pixels, colour)).toBeGreaterThan(200);
    }
    expect(countPixels(pixels, '#1f2328'), 'the title, in a font of our own').toBeGreaterThan(500);
    expect(countPixels(pixels, '#ffffff')).toBeGreaterThan(0.5 * width * height);
  });
});

describe('names beside lines', () => {
  it.each([
    { at: [10, 50], expected: [10, 50], why: 'far enough apart' },
    { at: [10, 12], expected: [10, 26], why: 'pushed down' },
    { at: [95, 100], expected: [84, 100], why: 'pushed up from the limit' },
    { at: [0, 1, 99, 100], expected: [0, 16, 84, 100], why: 'both' },
    { at: Array(8).fill(50), expected: range(0, 7).map((k) => 16 * k), why: 'more than fit' },
  ])('stand at $expected for lines ending at $at: $why', ({ at, expected }) => {
    expect(spread(at, 16, 100)).toEqual(expected);
  });
});

describe('colours', () => {
  it('stay with an agent whatever the order and the company', () => {
    const alone = colourByLabel(['nac']).get('nac');
    expect(colourByLabel(['x', 'nac', 'baseline']).get('nac')).toBe(alone);
    expect(colourByLabel(['b', 'a', 'c'])).toEqual(colourByLabel(['c', 'b', 'a']));
  });

  it('differ for as many as nine agents, and are never missing', () => {
    const nine = ['baseline', 'nac', 'nac-stateless', ...'abcdef'];
    expect(new Set(colourByLabel(nine).values())).toHaveLength(9);
    const many = colourByLabel(range(1, 30).map(String));
    expect([...many.values()].every((colour) => /^#\w{6}$/.test(colour))).toBe(true);
  });
});

it('on an axis of more than three decades, numbers stand at the powers of ten beyond 100', async () => {
  const far = summary(2, 1, [5, 10, 100, 1_000_000]);
  const drawn = texts(await drawNumberFigure(far));
  expect(drawn).toEqual(
    expect.arrayContaining(['5', '20', '100', '1,000', '100,000', '1,000,000']),
  );
  for (const between of ['200', '500', '2,000', '50,000']) expect(drawn).not.toContain(between);
});

it('a colour of a known agent is lent only when all others are taken, and only where that agent is not shown', () => {
  const others = Array.from({ length: 8 }, (_, i) => `agent ${i}`);
  const colours = [...colourByLabel(['nac', ...others]).values()];
  expect(new Set(colours).size).toBe(9);
  expect([...colourByLabel(others.slice(0, 6)).values()]).not.toContain(
    colourByLabel(['baseline']).get('baseline'),
  );
});

it.each([
  ['nac, learningRate 0.001', 'nac, learningRate 0.001'],
  ['nac, learningRate 0.0003, nacWidth 4', 'nac, 0.0003, 4'],
  ['clock, learningRate 0.001, bias minus 0.5, convolutions no. 2', 'clock, 0.001, minus 0.5…'],
  ['nac, groundColour [0,0,9], size 5', 'nac, [0,0,9], 5'],
  ['an agent, with a long name of its own', 'an agent, with a long n…'],
])('%s is called %s next to its line', (label, name) => {
  expect(shorten(label)).toBe(name);
});
