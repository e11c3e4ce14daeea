import type { Command } from 'commander';
import { ENGINES, type EngineName } from '../../agent/engines/engine.ts';
import { choice, count, numberList } from '../common/parse.ts';
import type { Policy } from '../play/episodes.ts';
import { type CheckpointName, checkpointNames } from '../run/pointers.ts';

/** The options that every command which evaluates takes. */
export interface EvaluationFlags {
  readonly env?: string;
  readonly agent?: string;
  readonly numbers?: readonly number[];
  readonly episodes?: number;
  readonly policy?: Policy;
  readonly checkpoint?: CheckpointName;
  readonly engine?: EngineName;
  readonly threads?: number;
}

const POLICIES: readonly Policy[] = ['greedy', 'sample'];

export function addEvaluationOptions(command: Command): void {
  addMovedOptions(command)
    .option(
      '--numbers <list>',
      'numbers to ask for, in the timed grid times: 5..30, 5..100:5 or 5,8,12 (default: from the least in training to two and a half times the greatest)',
      numberList('--numbers'),
    )
    .option(
      '--episodes <count>',
      'episodes at each number, alike for every number and agent (default: 200)',
      count('--episodes', { max: 1_000_000 }),
    )
    .option(
      '--policy <name>',
      'greedy takes the likeliest action, sample draws one (default: greedy)',
      choice('--policy', POLICIES),
    );
  addEngineOptions(addCheckpointOption(command));
}

export function addCheckpointOption(command: Command): Command {
  return command.option(
    '--checkpoint <name>',
    `which checkpoint: ${checkpointNames.join(', ')} (default: last)`,
    choice('--checkpoint', checkpointNames),
  );
}

export function addEngineOptions(command: Command): Command {
  return command
    .option(
      '--engine <name>',
      `what computes: ${ENGINES.join(', ')} (default: onnx)`,
      choice('--engine', ENGINES),
    )
    .option(
      '--threads <count>',
      'threads, which the results do not depend on (default: the cores)',
      count('--threads', { max: 256 }),
    );
}

/** For a world or a pathway of the user's own that has moved since the training. */
export function addMovedOptions(command: Command): Command {
  return command
    .option('--env <world>', "the file or package of the run's world, if it has moved")
    .option('--agent <pathway>', "the file or package of the run's pathway, if it has moved");
}
