import type { UpdateReport } from './trainer.ts';

/** Means over the episodes and updates of a stretch of training. */
export interface Means {
  readonly episodes: number;
  /** Mean summed reward of the episodes that ended; NaN where none did. */
  readonly reward: number;
  readonly length: number;
  /** Mean of each metric over the episodes that had it, as a finite number. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  readonly explainedVariance: number;
  readonly gradientNorm: number;
  readonly distinctShare: number;
}

const UPDATE_FIGURES = [
  'policyLoss',
  'valueLoss',
  'entropy',
  'explainedVariance',
  'gradientNorm',
  'distinctShare',
] as const;

/** Sums and counts by name: plain JSON, so that a window survives in a checkpoint. */
export type WindowState = Record<string, { sum: number; count: number }>;

/** Collects what a stretch of training did. */
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
    const metrics = Object.keys(this.#sums).filter((name) => name.startsWith('metrics/'));
    return {
      episodes: this.#sums.reward?.count ?? 0,
      reward: this.#mean('reward'),
      length: this.#mean('length'),
      metrics: Object.fromEntries(
        metrics.map((name) => [name.slice('metrics/'.length), this.#mean(name)]),
      ),
      policyLoss: this.#mean('policyLoss'),
      valueLoss: this.#mean('valueLoss'),
      entropy: this.#mean('entropy'),
      explainedVariance: this.#mean('explainedVariance'),
      gradientNorm: this.#mean('gradientNorm'),
      distinctShare: this.#mean('distinctShare'),
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
