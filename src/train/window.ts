import * as z from 'zod';
import type { UpdateReport } from './trainer.ts';

const UPDATE_FIGURES = [
  'policyLoss',
  'valueLoss',
  'entropy',
  'explainedVariance',
  'gradientNorm',
  'distinctShare',
] as const;

/** Means over some episodes and updates of a training; NaN where there were none. */
export interface Means extends Readonly<Record<(typeof UPDATE_FIGURES)[number], number>> {
  /** How many episodes ended. */
  readonly episodes: number;
  /** Of an episode's summed reward. */
  readonly reward: number;
  /** Of an episode's steps. */
  readonly length: number;
  /** Of each metric, over the episodes that have it as a finite number. */
  readonly metrics: Readonly<Record<string, number>>;
}

export const windowStateSchema = z.record(
  z.string(),
  z.strictObject({ sum: z.number(), count: z.int().min(0) }),
);

/** Sums and counts by name; plain JSON, so that a checkpoint can hold it. */
export type WindowState = z.infer<typeof windowStateSchema>;

/** Sums over a part of a training. */
export class Window {
  #sums: WindowState = {};

  add(report: UpdateReport): void {
    for (const name of UPDATE_FIGURES) this.#add(name, report[name]);
    for (const { return: reward, length, metrics } of report.episodes) {
      this.#add('reward', reward);
      this.#add('length', length);
      for (const [name, value] of Object.entries(metrics)) {
        if (Number.isFinite(value)) this.#add(`metrics/${name}`, value);
      }
    }
  }

  get means(): Means {
    const means = (names: readonly string[], prefix = '') =>
      Object.fromEntries(names.map((name) => [name.slice(prefix.length), this.#mean(name)]));
    const metrics = Object.keys(this.#sums).filter((name) => name.startsWith('metrics/'));
    return {
      episodes: this.#sums.reward?.count ?? 0,
      reward: this.#mean('reward'),
      length: this.#mean('length'),
      metrics: means(metrics, 'metrics/'),
      ...(means(UPDATE_FIGURES) as Pick<Means, (typeof UPDATE_FIGURES)[number]>),
    };
  }

  clear(): void {
    this.#sums = {};
  }

  state(): WindowState {
    return structuredClone(this.#sums);
  }

  restore(state: WindowState): void {
    this.#sums = structuredClone(state);
  }

  #add(name: string, value: number): void {
    this.#sums[name] ??= { sum: 0, count: 0 };
    this.#sums[name].sum += value;
    this.#sums[name].count += 1;
  }

  #mean(name: string): number {
    const { sum, count } = this.#sums[name] ?? { sum: 0, count: 0 };
    return sum / count;
  }
}
