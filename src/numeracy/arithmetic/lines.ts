import { wilson } from '../../evaluate/statistics.ts';
import { publishedFor } from '../published.ts';
import type { TaskReport, TaskSettings } from '../task.ts';
import { labelOf, MODEL_LABELS, type ModelName, type NetworkName, SELECTOR } from './networks.ts';
import { type FormName, type Operation, SYMBOLS } from './problem.ts';
import type { ArithmeticCopy, ArithmeticResult } from './score.ts';

export interface Measured {
  readonly run: { readonly name: string; readonly settings: TaskSettings };
  readonly result: ArithmeticResult;
}

/** What the copies of one model reached on one operation. */
export interface Line {
  readonly form: FormName;
  readonly operation: Operation;
  readonly model: ModelName | NetworkName;
  readonly copies: readonly ArithmeticCopy[];
  readonly solved: number;
}

export const lineOf = ({ run, result: { copies } }: Measured): Line => ({
  ...(run.settings as unknown as Pick<Line, 'form' | 'operation' | 'model'>),
  copies,
  solved: copies.filter(({ solved }) => solved).length,
});

export const isAll = ({ solved, copies }: Line): boolean => solved === copies.length;

const percent = (share: number): string => `${Math.round(100 * share)}`;

/** `24 of 25 (80–99 %)`: the seeds that are solved, with Wilson's interval of their share. */
export function shareText({ solved, copies }: Line): string {
  const [low, high] = wilson(solved, copies.length);
  return `${solved} of ${copies.length} (${percent(low)}–${percent(high)} %)`;
}

/** What the published figures call the best model of a paper: what the second-order cell is compared with. */
const BEST = /^best of /;

/** The published success rates next to those of the same models here. @param lines static ones */
export const comparedWithPublished = (lines: readonly Line[]): TaskReport['compared'] =>
  publishedFor('arithmetic').flatMap((published) => {
    const line = lines.find(
      ({ operation, model }) =>
        published.what === `success, ${SYMBOLS[operation]}` &&
        (BEST.test(published.model) ? model === SELECTOR : published.model === labelOf(model)),
    );
    if (!line) return [];
    const own = line.model === SELECTOR ? `, ${MODEL_LABELS[SELECTOR]}` : '';
    return [{ published, here: `${shareText(line)}${own}` }];
  });
