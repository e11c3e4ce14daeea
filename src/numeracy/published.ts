/** A number that somebody published, for comparison. */
export interface PublishedFigure {
  /** The id of the task. */
  readonly task: string;
  readonly what: string;
  readonly model: string;
  readonly value: number;
  /** Such as `%` or `mean absolute error`. */
  readonly unit: string;
  /** Paper and table. */
  readonly source: string;
  /** Whether the number was read in the source itself; otherwise it is from memory. */
  readonly verified: boolean;
}

/** Every published number that a report compares with. */
export const published: readonly PublishedFigure[] = [];

export const publishedFor = (task: string): readonly PublishedFigure[] =>
  published.filter((figure) => figure.task === task);
