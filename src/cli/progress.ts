import { styleText } from 'node:util';
import { printable, printableLines } from '../../env/printable.ts';
import { formatCount, formatDuration, formatNumber, formatPercent } from '../common/format.ts';
import type { TrainProgress } from '../train/logbook.ts';
import type { Output } from './terminal.ts';

export interface ProgressSettings {
  /** Without a terminal, how many equal parts of a task are logged, besides its first update; 0: nothing is. */
  readonly logParts: number;
  /** Milliseconds; `performance.now` by default. */
  readonly now?: () => number;
}

/** The progress of tasks: on a terminal a line each, redrawn in place; elsewhere a log. */
export interface Progress {
  /**
   * @param share how much of the task is done, 0 to 1
   * @param figures to show, the most important first: those that do not fit are left out
   */
  update(task: string, share: number, figures: readonly string[]): void;
  /** Replaces the line of a task by a text that stays, if there is one. */
  finish(task: string, text?: string): void;
  /** Writes a text that stays, above the lines of the tasks. */
  note(text: string): void;
  /** Leaves the lines as they are. */
  close(): void;
}

const REDRAW_MILLISECONDS = 100;
const CLEAR_BELOW = '\x1b[J';

/** Control characters in what it is given are quoted. */
export function createProgress(stream: Output, settings: ProgressSettings): Progress {
  const shown = stream.isTTY ? liveProgress(stream, settings) : logProgress(stream, settings);
  return {
    update: (task, share, figures) => shown.update(printable(task), share, figures.map(printable)),
    finish: (task, text) => shown.finish(printable(task), text && printable(text)),
    note: (text) => shown.note(printableLines(text)),
    close: shown.close,
  };
}

function liveProgress(
  stream: Output,
  { now = () => performance.now() }: ProgressSettings,
): Progress {
  const tasks = new Map<string, readonly string[]>();
  const isColourful = stream.hasColors?.() === true;
  let linesDrawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  /** A line narrower than the terminal: one that wraps would put the next redrawing in the wrong place. */
  function line(task: string, figures: readonly string[]): string {
    const width = (stream.columns || 80) - 1;
    const labelWidth = Math.max(...[...tasks.keys()].map((label) => label.length));
    const label = task.padEnd(labelWidth).slice(0, width);
    let text = '';
    for (const figure of figures) {
      const more = `${text === '' ? '  ' : ', '}${figure}`;
      if (label.length + text.length + more.length > width) break;
      text += more;
    }
    return (isColourful ? styleText('bold', label, { validateStream: false }) : label) + text;
  }

  function draw(above = ''): void {
    const toFirstLine = linesDrawn > 0 ? `\x1b[${linesDrawn}A\r` : '';
    const lines = [...tasks].map(([task, figures]) => `${line(task, figures)}\n`);
    stream.write(toFirstLine + CLEAR_BELOW + above + lines.join(''));
    linesDrawn = lines.length;
    drawnAt = now();
  }

  return {
    update(task, share, figures) {
      tasks.set(task, [percent(share), ...figures]);
      if (now() - drawnAt >= REDRAW_MILLISECONDS) draw();
    },
    finish(task, text) {
      tasks.delete(task);
      draw(text === undefined ? '' : `${task}: ${text}\n`);
    },
    note: (text) => draw(`${text}\n`),
    close() {
      if (tasks.size > 0) draw();
      linesDrawn = 0;
      tasks.clear();
    },
  };
}

function logProgress(stream: Output, { logParts }: ProgressSettings): Progress {
  const logged = new Map<string, number>();
  const say = (text: string): void => void stream.write(`${text}\n`);
  return {
    update(task, share, figures) {
      const part = Math.floor(share * logParts);
      if (logParts === 0 || part <= (logged.get(task) ?? -1)) return;
      logged.set(task, part);
      say(`${task}: ${[percent(share), ...figures].join(', ')}`);
    },
    finish(task, text) {
      if (text !== undefined) say(`${task}: ${text}`);
    },
    note: say,
    close() {},
  };
}

/** The last update of a training may go beyond its last frame. */
const percent = (share: number): string => formatPercent(Math.min(1, share));

/** Metrics that are shares from 0 to 1. */
const SHARES: ReadonlySet<string> = new Set(['exact', 'arrived']);

/**
 * The figures of a training, the most important first; those that do not exist yet are left out.
 * @param total frames to train on
 * @param maxReward the greatest reward of an episode, where it is known
 */
export function trainingFigures(
  progress: TrainProgress,
  total: number,
  maxReward?: number,
): string[] {
  const { frames, framesPerSecond, reward, metrics, entropy, valueLoss, explainedVariance } =
    progress;
  const left = Math.max(0, total - frames) / framesPerSecond;
  const best = maxReward === undefined ? '' : ` of ${maxReward}`;
  const figures: [number, (value: number) => string][] = [
    [frames, (value) => `${formatCount(Math.min(value, total))} of ${formatCount(total)} frames`],
    [reward, (value) => `reward ${formatNumber(value, 2)}${best}`],
    ...Object.entries(metrics).map(([name, value]): [number, (value: number) => string] => [
      value,
      (value) => `${name} ${SHARES.has(name) ? formatPercent(value) : threeFigures(value)}`,
    ]),
    [framesPerSecond, (value) => `${formatCount(value)} frames/s`],
    [left, (value) => `${formatDuration(value)} left`],
    [entropy, (value) => `entropy ${formatNumber(value, 2)}`],
    [valueLoss, (value) => `value loss ${threeFigures(value)}`],
    [explainedVariance, (value) => `explained variance ${formatNumber(value, 2)}`],
  ];
  return figures.flatMap(([value, write]) => (Number.isFinite(value) ? [write(value)] : []));
}

function threeFigures(value: number): string {
  return value.toPrecision(3).replace('-', '−');
}

/** The progress of an evaluation; without a terminal nothing is written. */
export function createEpisodeProgress(stream: Output) {
  const progress = createProgress(stream, { logParts: 0 });
  let current: string | undefined;
  return {
    update(run: string, done: number, total: number): void {
      if (current !== undefined && current !== run) progress.finish(current);
      current = run;
      progress.update(run, done / total, [`${done} of ${total} episodes played`]);
    },
    close(): void {
      if (current !== undefined) progress.finish(current);
    },
  };
}
