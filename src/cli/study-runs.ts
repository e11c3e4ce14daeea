import { formatPercent } from '../common/format.ts';
import { columns } from '../render/align-columns.ts';
import { shortKeys } from '../study/choose-runs.ts';
import type { PlannedRun, StudyPlan } from '../study/planned-run.ts';
import { type RunState, runState } from '../study/run-state.ts';
import type { Terminal } from './terminal.ts';

/** Prints a line for each of some runs of a study: its key, agent and seed, and how it stands. */
export function printRuns(
  { runs: all }: StudyPlan,
  runs: readonly PlannedRun[],
  isJson: boolean | undefined,
  terminal: Terminal,
): void {
  const states = runs.map((run) => ({ run, state: runState(run) }));
  if (isJson) {
    terminal.printJson(states.map(({ run, state }) => jsonOf(run, state)));
    return;
  }
  const keys = shortKeys(all);
  const keyOf = new Map(all.map((run, i) => [run, keys[i]!]));
  const lines = states.map(({ run, state }) => [
    ...[keyOf.get(run)!, run.agent, `seed ${run.seed}`],
    written(state),
  ]);
  for (const line of columns(lines)) terminal.print(line);
}

const written = ({ is, share }: RunState): string =>
  is === 'training' ? `training ${formatPercent(share)}` : is;

const jsonOf = ({ key, agent, seed, path, result }: PlannedRun, { is, share }: RunState) => ({
  ...{ key, agent, seed, state: is, share },
  ...{ run: path, result },
});

/** A command line without `--only` and what it names: the one that regenerates the report. */
export function withoutOnly(commandLine: readonly string[]): string[] {
  let isOnly = false;
  return commandLine.filter((word) => {
    if (word.startsWith('-')) isOnly = /^--only(=|$)/.test(word);
    return !isOnly;
  });
}
