import type { Command } from 'commander';
import type { EngineName } from '../../../agent/engines/engine.ts';
import { requireWritable, writeOutput } from '../../common/output.ts';
import { count, numberList } from '../../common/parse.ts';
import { explain } from '../../explain/explain.ts';
import { formatExplanation } from '../../explain/text.ts';
import { MOST_STEPS } from '../../play/replay.ts';
import type { CheckpointName } from '../../run/pointers.ts';
import { createEpisodeCounter } from '../episode-counter.ts';
import { addExamples } from '../examples.ts';
import { addCheckpointOption, addEngineOptions, addMovedOptions } from '../shared-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly numbers?: readonly number[];
  readonly episodes?: number;
  readonly upTo?: number;
  readonly checkpoint?: CheckpointName;
  readonly engine?: EngineName;
  readonly threads?: number;
  readonly replay?: string;
  readonly env?: string;
  readonly agent?: string;
  readonly json?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('<run>', "a run's folder, such as runs/nac-1")
    .option(
      '--numbers <list>',
      `times at which to measure when it sets off, up to ${MOST_STEPS}: 12,30 or 10..30:5 (default: the greatest in training, and two and a half times that)`,
      numberList('--numbers', { min: 1, max: MOST_STEPS }),
    )
    .option(
      '--episodes <count>',
      'episodes at each time (default: 100)',
      count('--episodes', { max: 1_000_000 }),
    )
    .option(
      '--up-to <time>',
      'the greatest time at which to look for its first failure, the first with under 90 % exact (default: 1000)',
      count('--up-to'),
    )
    .option('--replay <file>', 'write its first failing episode to a file for timegrid watch');
  addMovedOptions(addEngineOptions(addCheckpointOption(command)))
    .option('--json', 'print JSON')
    .action((path: string, options: Options) => run(path, options, terminal));
  addExamples(command, {
    'timegrid explain runs/nac-1': 'its weights as arithmetic, when it sets off, where it fails',
    'timegrid explain runs/nac-1 --replay fails.json && timegrid watch fails.json':
      'watch the first episode that it fails',
    'timegrid explain runs/nac-1 --numbers 12,100 --up-to 1e4 --json':
      'further, for a program to read',
  });
}

async function run(
  path: string,
  { replay: file, json, ...options }: Options,
  terminal: Terminal,
): Promise<void> {
  if (file !== undefined) requireWritable(file);
  const counter = createEpisodeCounter(terminal.io.stderr);
  const { explanation, replay } = await explain(path, {
    ...options,
    onNote: terminal.note,
    onProgress: (time, done, total) => counter.update(`${path} at ${time}`, done, total),
  }).finally(counter.close);
  if (json) terminal.printJson(explanation);
  else terminal.print(formatExplanation(explanation));
  if (file === undefined) return;
  if (replay === null) {
    const why = explanation.failure?.first
      ? `it is longer than ${MOST_STEPS} steps`
      : 'nothing failed';
    return terminal.note(`${why}, so there is no ${file}`);
  }
  writeOutput(file, `${JSON.stringify(replay)}\n`);
  terminal.say(`the first failing episode is in ${file}: timegrid watch ${file} plays it`);
}
