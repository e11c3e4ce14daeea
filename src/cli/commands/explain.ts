import type { Command } from 'commander';
import { requireWritable, writeOutput } from '../../common/output.ts';
import { count } from '../../common/parse.ts';
import { explain } from '../../explain/explain.ts';
import { MOST_STEPS } from '../../play/replay.ts';
import { formatExplanation } from '../../render/explanation.ts';
import { runNamed } from '../../run/pretrained.ts';
import { addExamples } from '../examples.ts';
import { createEpisodeProgress } from '../progress.ts';
import { refuseIdle } from '../refuse-idle.ts';
import {
  addCheckpointOption,
  addEngineOption,
  addEpisodesOption,
  addMovedOptions,
  addNumbersOption,
  addThreadsOption,
  type EvaluationFlags,
  RUN,
} from '../shared-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends Omit<EvaluationFlags, 'policy'> {
  readonly upTo?: number;
  readonly replay?: string;
  readonly json?: boolean;
}

/** The greatest number of which every episode's steps are kept in memory at once. */
const MOST_MEASURED = 2_048;

export default function define(command: Command, terminal: Terminal): void {
  addNumbersOption(
    command.argument(...RUN),
    `times at which to measure when the agent sets off, up to ${MOST_MEASURED}: 12,30 or 10..30:5 (default: the greatest in training, and two and a half times that)`,
    { min: 0, max: MOST_MEASURED },
  ).option(
    '--up-to <number>',
    'the greatest number to search for the first failure, which is the first with fewer than 90 % of the episodes exact (default: 1000)',
    count('--up-to'),
  );
  addMovedOptions(addCheckpointOption(addEpisodesOption(command, 100)));
  addThreadsOption(addEngineOption(command))
    .option('--replay <file>', 'write the first failing episode to a file for timegrid watch')
    .option('--json', 'print JSON')
    .action((path: string, options: Options) => run(runNamed(path), options, command, terminal));
  addExamples(command, {
    'timegrid explain nac':
      "a pretrained agent's weights as arithmetic, when it sets off, and where it first fails",
    'timegrid explain nac --replay fails.json && timegrid watch fails.json':
      'watch the first failing episode',
    'timegrid explain nac-clock --numbers 12,100 --up-to 1e4 --json':
      'a longer search, for a program to read',
  });
}

async function run(
  path: string,
  { replay: file, json, ...options }: Options,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  if (file !== undefined) requireWritable(file);
  const counter = createEpisodeProgress(terminal.io.stderr);
  const { explanation, replay } = await explain(path, {
    ...options,
    onNote: terminal.note,
    onProgress: (time, done, total) => counter.update(`${path} at ${time}`, done, total),
  }).finally(counter.close);
  if (explanation.number === null) {
    const measuring = ['numbers', 'episodes', 'upTo', 'replay'];
    refuseIdle(command, measuring, 'in a world that tells no number');
  }
  if (json) terminal.printJson(explanation);
  else terminal.print(formatExplanation(explanation));
  if (file === undefined) return;
  if (replay === null) {
    const why = explanation.failure?.first
      ? `the first failing episode is longer than ${MOST_STEPS} steps`
      : 'no episode failed';
    return terminal.note(`${why}, so ${file} was not written`);
  }
  writeOutput(file, `${JSON.stringify(replay)}\n`);
  terminal.say(`the first failing episode is in ${file}; watch it with: timegrid watch ${file}`);
}
