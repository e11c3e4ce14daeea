import type * as z from 'zod';
import type { Json } from '../../env/index.ts';
import type { OwnCell } from './own-cells.ts';
import type { PublishedFigure } from './published.ts';

/** Settings of a task, or of one of its runs. */
export type TaskSettings = Readonly<Record<string, Json>>;

/** What a task needs from outside besides its settings. */
export interface TaskContext {
  /** A folder with the person's own data, such as MNIST's four files. */
  readonly dataFolder?: string | undefined;
  /** Arithmetic cells of the person's own; those that are given are registered wherever a task is called. */
  readonly ownCells?: readonly OwnCell[];
}

/** One run of a task: some copies of one small model, a seed each, that are trained together. */
export interface TaskRun<Settings extends TaskSettings = TaskSettings> {
  /** Different for each run of a study, such as `relu` or `divide, nalu`. */
  readonly name: string;
  /** Everything that decides what is learnt and how it is evaluated, besides the program itself. */
  readonly settings: Settings;
}

/**
 * A training of several copies of a model, which can be stopped after each step and resumed from what was saved with the same bits.
 * It never sees what the models are tested on.
 */
export interface TaskTraining {
  /** How many there are. */
  readonly steps: number;
  /**
   * Makes step `i`, counted from 0, after all those before it.
   * @returns the loss of each copy, or null where there is none to show
   */
  step(i: number): Promise<Float32Array | null>;
  /** Everything that the next step depends on. */
  save(): Tensors32;
  restore(saved: Tensors32): void;
  dispose(): Promise<void>;
}

/** Named vectors of float32 numbers. */
export type Tensors32 = Readonly<Record<string, Float32Array>>;

/** What one copy of a model reached. */
export interface CopyResult {
  readonly seed: number;
  /** Whether its parameters or its answers are not finite numbers; all its measures are then null. */
  readonly diverged: boolean;
}

/** What a run reached: its copies, and anything else that the report needs. */
export interface TaskResult {
  readonly copies: readonly CopyResult[];
}

/** A table of a report. */
export interface ReportTable {
  readonly title: string;
  /** What its rows and columns are, in a sentence or two of Markdown. */
  readonly about?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure of a report. */
export interface ReportFigure {
  /** The file's name without its ending. */
  readonly file: string;
  /** What it shows, for those who cannot see it. */
  readonly shows: string;
  /** In Vega-Lite's language; its own type would burden whoever imports this one with a browser's types. */
  readonly spec: object;
}

/** What a task found, for people to read. */
export interface TaskReport {
  /** The findings first: a sentence or two of Markdown each. */
  readonly findings: readonly string[];
  readonly tables: readonly ReportTable[];
  readonly figures: readonly ReportFigure[];
  /** What was published, and what this study has for it, as text. */
  readonly compared: readonly { readonly published: PublishedFigure; readonly here: string }[];
}

/**
 * One experiment: what it trains, how it is measured, and what its report says. Training and measuring are apart: what models are
 * tested on is made by `evaluate` alone, when the last step of the training is saved.
 */
export interface Task<
  Settings extends TaskSettings = TaskSettings,
  RunSettings extends TaskSettings = TaskSettings,
  Result extends TaskResult = TaskResult,
> {
  readonly id: string;
  readonly title: string;
  /** What it asks, in a sentence. */
  readonly summary: string;
  /** Where it was published. */
  readonly source: string;
  /** Its settings, with the defaults of the results of record; `seeds` is among them. */
  readonly schema: z.ZodObject;
  /** The settings that make its point within half a minute on two cores. */
  readonly quick: Partial<Settings>;
  /** What `evaluate` returns, as a file must hold it. */
  readonly result: z.ZodType<Result>;
  /** Whether it reads a person's own data. */
  readonly takesData?: boolean;
  /** Whether its runs include those of a person's own cells; their settings then hold each cell's fingerprint. */
  readonly takesCells?: boolean;
  /** @throws UsageError in a sentence for settings that cannot be */
  runs(settings: Settings, context: TaskContext): Promise<readonly TaskRun<RunSettings>[]>;
  train(run: TaskRun<RunSettings>, context: TaskContext): Promise<TaskTraining>;
  /** @param trained what the training saved after its last step */
  evaluate(run: TaskRun<RunSettings>, trained: Tensors32, context: TaskContext): Promise<Result>;
  /** @param results one for each run, in the order of the study */
  report(
    settings: Settings,
    results: readonly { readonly run: TaskRun<RunSettings>; readonly result: Result }[],
  ): TaskReport;
}
