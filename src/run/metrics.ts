/** One line of `metrics.jsonl`. A number that is not finite is written as `null`. */
export type MetricsRecord = Record<string, number | string | boolean | null>;

export interface MetricsWriter {
  append(record: MetricsRecord): void;
}
