import { formatCount, formatDuration, formatNumber, formatPercent } from '../render/format.ts';

/** How one training stands. */
export interface TrainingState {
  /** Frames trained on so far, those before a resumption included. */
  readonly frames: number;
  readonly framesPerSecond: number;
  /** Mean reward of the latest episodes; NaN before one has ended. */
  readonly meanReward: number;
  readonly maxReward?: number;
  /** Means of the world's own figures over the latest episodes, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly entropy: number;
  readonly valueLoss: number;
  readonly explainedVariance: number;
}

/** One figure of a training's state. */
export interface ProgressColumn {
  readonly title: string;
  readonly width: number;
  /** The bare figure, for a table with titles. */
  readonly text: string;
  /** The figure with its name, for a line that stands alone. */
  readonly phrase: string;
}

/**
 * What to tell of a training, the most wanted first.
 * @param state null before the first update
 * @param total frames to train on
 * @param metrics names of the world's figures to show
 * @param shares those among them that are shares, shown in per cent
 */
export function progressColumns(
  state: TrainingState | null,
  total: number,
  metrics: readonly string[],
  shares: ReadonlySet<string>,
): ProgressColumn[] {
  const show = (value: number | undefined, format: (value: number) => string): string =>
    value === undefined || !Number.isFinite(value) ? '–' : format(value);
  const column = (
    title: string,
    width: number,
    value: number | undefined,
    format: (value: number) => string,
    phrase = (text: string): string => `${title} ${text}`,
  ): ProgressColumn => {
    const text = show(value, format);
    return { title, width: Math.max(width, title.length), text, phrase: phrase(text) };
  };
  const secondsLeft = state ? Math.max(0, total - state.frames) / state.framesPerSecond : undefined;
  const best = state?.maxReward;

  return [
    column('done', 5, state ? state.frames / total : 0, formatPercent, (text) => text),
    column('frames', 6, state?.frames, formatCount, (text) => `${text} frames`),
    column('frames/s', 6, state?.framesPerSecond, formatCount, (text) => `${text}/s`),
    column('time left', 12, secondsLeft, formatDuration, (text) => `${text} left`),
    column(
      'reward',
      6,
      state?.meanReward,
      (value) => formatNumber(value, 2),
      (text) => `reward ${text}${best === undefined || text === '–' ? '' : ` of ${best}`}`,
    ),
    ...metrics.map((name) =>
      column(name, 5, state?.metrics[name], shares.has(name) ? formatPercent : threeFigures),
    ),
    column('entropy', 5, state?.entropy, (value) => formatNumber(value, 2)),
    column('value loss', 7, state?.valueLoss, threeFigures),
    column(
      'explained',
      5,
      state?.explainedVariance,
      (value) => formatNumber(value, 2),
      (text) => `explained variance ${text}`,
    ),
  ];
}

function threeFigures(value: number): string {
  return value.toPrecision(3).replace('-', '−');
}
