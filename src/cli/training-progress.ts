import { styleText } from 'node:util';
import { type ProgressColumn, progressColumns, type TrainingState } from './progress-columns.ts';

/** What progress is written to; `process.stderr` and `process.stdout` are such streams. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressSettings {
  readonly stream: ProgressStream;
  /** Names of the trainings, in the order of their lines. */
  readonly labels: readonly string[];
  /** Frames that each trains on. */
  readonly total: number;
  /** Names of the metrics that are shares from 0 to 1, shown in per cent; `exact` by default. */
  readonly shares?: readonly string[];
  /** Longest time between two lines of a log about one training, in seconds; 30 by default. */
  readonly logInterval?: number;
  /** Whether to emit terminal colours; false by default. */
  readonly colour?: boolean;
  /** Milliseconds; `performance.now` by default. */
  readonly now?: () => number;
}

/** The progress of several trainings at once. Labels other than those it was made for are refused. */
export interface Progress {
  update(label: string, state: TrainingState): void;
  /** Says that one training is over, with its last figures or with a text in their place. After the last one, `close` is implied. */
  finish(label: string, text?: string): void;
  /** Writes a text that stays, above the trainings' lines. */
  note(text: string): void;
  /** Leaves the lines as they are and gives the terminal its cursor back. Closing twice is harmless. */
  close(): void;
}

const REDRAW_MILLISECONDS = 100;
/** A log tells of each of so many equal parts of a training. */
const LOG_PARTS = 20;
const GAP = '  ';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_BELOW = '\x1b[J';
const CLEAR_TO_END_OF_LINE = '\x1b[K';

interface Training {
  readonly label: string;
  state: TrainingState | null;
  isFinished: boolean;
  finalText: string | undefined;
}

/**
 * Shows how trainings stand: on a terminal one line each, redrawn in place; elsewhere a log with a line about a training every
 * twentieth of its frames, and at least every `logInterval` seconds.
 */
export function createProgress(settings: ProgressSettings): Progress {
  const trainings = settings.labels.map(
    (label): Training => ({ label, state: null, isFinished: false, finalText: undefined }),
  );
  const view = settings.stream.isTTY ? liveView(settings, trainings) : logView(settings, trainings);
  const find = (label: string): Training => {
    const training = trainings.find((candidate) => candidate.label === label);
    if (!training) throw new Error(`There is no training called ${label} to show progress of.`);
    return training;
  };
  return {
    update(label, state) {
      const training = find(label);
      training.state = state;
      view.changed(training);
    },
    finish(label, text) {
      const training = find(label);
      training.isFinished = true;
      training.finalText = text;
      view.finished(training);
      if (trainings.every(({ isFinished }) => isFinished)) view.close();
    },
    note: view.note,
    close: view.close,
  };
}

/** One way of showing trainings. */
interface View {
  changed(training: Training): void;
  finished(training: Training): void;
  note(text: string): void;
  close(): void;
}

function liveView(settings: ProgressSettings, trainings: readonly Training[]): View {
  const { stream, colour = false, now = () => performance.now() } = settings;
  const paint: typeof styleText = (style, text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const labelWidth = Math.max(...trainings.map(({ label }) => label.length));
  let linesDrawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isOpen = true;

  /** All lines, none as wide as the terminal: a full line would wrap, and the next redrawing miss its place. */
  function lines(): string[] {
    const width = (stream.columns || 80) - 1;
    const label = (text: string): string => text.padEnd(labelWidth).slice(0, width);
    const room = width - label('').length;
    const table = tabulate(settings, trainings);
    const shown = fitting(table[0]!, room);
    const titles = table[0]!
      .slice(0, shown)
      .map((column) => GAP + column.title.padStart(column.width));
    return [
      paint('dim', label('') + titles.join('')),
      ...trainings.map((training, index) => {
        const columns = table[index]!.slice(0, shown);
        const figures = columns.map(({ text, width }) => GAP + text.padStart(width)).join('');
        const text = training.finalText === undefined ? figures : GAP + training.finalText;
        return paint('bold', label(training.label)) + text.slice(0, room);
      }),
    ];
  }

  function draw(above = ''): void {
    const toFirstLine = linesDrawn > 0 ? `\x1b[${linesDrawn}A\r` : HIDE_CURSOR;
    const block = lines().map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`);
    stream.write(toFirstLine + above + block.join(''));
    linesDrawn = block.length;
    drawnAt = now();
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    process.off('exit', close);
    if (linesDrawn > 0) {
      draw();
      stream.write(SHOW_CURSOR);
    }
  }

  process.once('exit', close);
  return {
    changed() {
      if (isOpen && now() - drawnAt >= REDRAW_MILLISECONDS) draw();
    },
    finished() {
      if (isOpen) draw();
    },
    note(text) {
      if (isOpen && linesDrawn > 0) draw(`${CLEAR_BELOW}${text}\n`);
      else stream.write(`${text}\n`);
    },
    close,
  };
}

function logView(settings: ProgressSettings, trainings: readonly Training[]): View {
  const { stream, total, logInterval = 30, now = () => performance.now() } = settings;
  const logged = new Map<Training, { readonly at: number; readonly part: number }>();

  function log(training: Training): void {
    const columns = tabulate(settings, trainings)[trainings.indexOf(training)]!;
    const figures = columns.map(({ phrase }) => phrase).join(', ');
    stream.write(`${training.label}: ${training.finalText ?? figures}\n`);
  }

  return {
    changed(training) {
      const at = now();
      const part = Math.floor(((training.state?.frames ?? 0) * LOG_PARTS) / total);
      const last = logged.get(training);
      if (last && part <= last.part && at - last.at < logInterval * 1_000) return;
      logged.set(training, { at, part });
      log(training);
    },
    finished: log,
    note: (text) => void stream.write(`${text}\n`),
    close: () => {},
  };
}

/** The columns of every training, the same ones for each. */
function tabulate(settings: ProgressSettings, trainings: readonly Training[]): ProgressColumn[][] {
  const shares = new Set(settings.shares ?? ['exact']);
  const metrics = [...new Set(trainings.flatMap(({ state }) => Object.keys(state?.metrics ?? {})))];
  return trainings.map(({ state }) => progressColumns(state, settings.total, metrics, shares));
}

/** How many of the columns fit into a width. */
function fitting(columns: readonly ProgressColumn[], width: number): number {
  let used = 0;
  const tooMany = columns.findIndex((column) => {
    used += GAP.length + column.width;
    return used > width;
  });
  return tooMany === -1 ? columns.length : tooMany;
}
