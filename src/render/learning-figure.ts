import type { TopLevelSpec } from 'vega-lite';
import { createBootstrap } from '../evaluate/bootstrap.ts';
import { mean } from '../evaluate/statistics.ts';
import { drawSpec } from './draw-spec.ts';
import { FIGURE, namesWidth, PAGE_MARGIN, saySeeds } from './figure-layout.ts';
import { type LinePoint, lineLayers } from './line-layers.ts';
import { FIGURE_CONFIG } from './number-figure.ts';

/** How one training went: mean reward of an episode against frames. */
export interface LearningCurve {
  /** The agent's name; curves of one label are seeds of one agent. */
  readonly label: string;
  /** Ascending in frames. */
  readonly points: readonly { readonly frames: number; readonly reward: number }[];
}

/** Means that a curve is drawn through, each over an equal stretch of frames. */
const STRETCHES = 50;
const HEIGHT = 320;
const MARGIN = { left: 56, top: 84, bottom: 52 };

/**
 * Draws reward against frames, one line an agent: the mean over its seeds, and a 95 % bootstrap band from three on.
 * @param maxReward the reward of an episode that does exactly what the number says
 * @returns an SVG document, `FIGURE.width` pixels wide
 */
export function drawLearningFigure(
  curves: readonly LearningCurve[],
  title: string,
  maxReward: number,
): Promise<string> {
  const labels = [...new Set(curves.map(({ label }) => label))];
  const right = namesWidth(labels);
  const width = FIGURE.width - MARGIN.left - right;
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  const frames = Math.max(...curves.flatMap(({ points }) => points.map((point) => point.frames)));
  const points = labels.flatMap((label) =>
    meanCurve(
      label,
      curves.filter((curve) => curve.label === label),
      frames,
    ),
  );
  const values = points.flatMap(({ low, mean, high }) => [low ?? mean, high ?? mean]);
  const [bottom, top] = [Math.min(0, ...values), Math.max(maxReward, ...values) * 1.04];
  const x = {
    field: 'frames',
    type: 'quantitative',
    scale: { domain: [0, frames], nice: false },
    axis: {
      ...{ title: 'frames trained on', titlePadding: 10, grid: false, tickCount: 6 },
      labelExpr: "datum.value === 0 ? '0' : format(datum.value, '~s')",
    },
  };
  const y = {
    type: 'quantitative',
    scale: { domain: [bottom, top], nice: false },
    axis: { title: null, domain: false, ticks: false, labelPadding: 12, tickCount: 5 },
  };
  const chart = lineLayers({ name: 'learning', labels, points, x, y, maximum: maxReward });
  const names = chart.names({ frames }, [bottom, top], height);
  const seeds = labels.map((label) => curves.filter((curve) => curve.label === label).length);
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `${title}: ${labels.join(', ')}.`,
    background: 'white',
    padding: { ...MARGIN, right },
    width,
    height,
    title: {
      text: title,
      subtitle: `Reward of an episode while training · ${saySeeds(seeds)}`,
      anchor: 'start',
      frame: 'group',
      dx: PAGE_MARGIN - MARGIN.left,
      offset: 18,
    },
    layer: [chart.maximum, chart.bands, chart.lines, names],
    config: FIGURE_CONFIG,
  };
  return drawSpec(spec as unknown as TopLevelSpec, { width, height });
}

interface Point extends LinePoint {
  readonly frames: number;
}

/** Means over stretches of frames, then over seeds; a stretch in which no episode of a seed ended leaves that seed out. */
function meanCurve(label: string, seeds: readonly LearningCurve[], frames: number): Point[] {
  const bootstrap = createBootstrap();
  const length = frames / STRETCHES;
  return Array.from({ length: STRETCHES }, (_, stretch) => {
    const means = seeds.flatMap(({ points }) => {
      const within = points.filter((point) => Math.ceil(point.frames / length) - 1 === stretch);
      return within.length > 0 ? [mean(within.map(({ reward }) => reward))] : [];
    });
    if (means.length === 0) return [];
    const [low, high] = bootstrap(means) ?? [null, null];
    return [{ label, frames: (stretch + 0.5) * length, mean: mean(means), low, high }];
  }).flat();
}
