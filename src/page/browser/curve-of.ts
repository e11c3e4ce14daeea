import { parseJson } from '../../common/parse-json.ts';
import { metricsFile } from '../../run/layout.ts';
import type { PageAgent } from './page-file.ts';
import type { HeldFiles } from './posted.ts';

/** The learning curve of a run, of its files. */
export function curveOf(files: HeldFiles | undefined): PageAgent['curve'] {
  const frames: number[] = [];
  const reward: (number | null)[] = [];
  const exact: (number | null)[] = [];
  const bytes = files?.[metricsFile];
  const lines = bytes ? new TextDecoder().decode(bytes).split('\n') : [];
  for (const line of lines) {
    if (line === '') continue;
    const row = parseJson(line) as Readonly<Record<string, unknown>>;
    frames.push(row.frames as number);
    reward.push(numberOf(row.reward));
    exact.push(numberOf(row.exact));
  }
  return { frames, reward, exact };
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
