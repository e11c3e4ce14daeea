import { type Command, Option } from 'commander';
import { PRESETS, type PresetName } from '../../agent/config.ts';
import { ENGINES, type EngineName } from '../../agent/engines/engine.ts';
import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import { UsageError } from '../common/errors.ts';
import { type Bounds, choice, count, numberList, settings } from '../common/parse.ts';
import type { NumbersGiven } from '../evaluate/choose-numbers.ts';
import type { Policy } from '../play/episodes.ts';
import { type CheckpointName, checkpointNames } from '../run/checkpoint-names.ts';
import { PRETRAINED } from '../run/pretrained.ts';

/** The agents that ship, for a help text. */
export const agentNames = (): string =>
  pathwaySpecs()
    .map(({ id }) => id)
    .join(', ');

/** The argument of commands that take one run. */
export const RUN = [
  '<run>',
  `a run's folder, such as runs/nac-1, or a pretrained agent: ${PRETRAINED.join(', ')}, or a world's id, such as CountCoins-v0`,
] as const;

/** How an agent and its world are chosen for a training: `--preset`, `--set`, `--env` and `--env-option`. */
export function addTrainingOptions(command: Command): Command {
  const presets = Object.keys(PRESETS) as PresetName[];
  return command
    .option(
      '--preset <name>',
      `network size preset: ${presets.join(', ')} (default: small)`,
      choice('--preset', presets),
    )
    .option(
      '--set <key=value...>',
      "keys of the agent's configuration (timegrid agents nac lists them)",
      settings('--set'),
    )
    .option(
      '--env <world>',
      'an id, a file such as ./my-world.ts, or some-package#World (default: TimedGrid-v0)',
    )
    .option(
      '--env-option <key=value...>',
      'options of the world (timegrid envs TimedGrid-v0 lists them)',
      settings('--env-option'),
    );
}

export function addEnvWorkersOption(command: Command): Command {
  return command.option(
    '--env-workers <count>',
    'extra threads that step the worlds of each training thread, for slow worlds; results do not depend on it (default: none)',
    count('--env-workers', { min: 0, max: 64 }),
  );
}

export function addWatchOption(command: Command): Command {
  return command.option(
    '--watch [port]',
    'show the agents in the browser while they learn, until Ctrl-C',
    count('--watch', { max: 65_535 }),
  );
}

/** Which agent a command takes from a run, and how its own code is found. */
export interface AgentFlags {
  readonly checkpoint?: CheckpointName;
  readonly env?: string;
  readonly agent?: string;
  readonly allowCode?: boolean;
}

/** The options of commands that evaluate. */
export interface EvaluationFlags extends AgentFlags {
  readonly numbers?: NumbersGiven;
  readonly episodes?: number;
  readonly policy?: Policy;
  readonly engine?: EngineName;
  readonly threads?: number;
}

const POLICIES: readonly Policy[] = ['greedy', 'sample'];

/** What `--numbers` says of a list, unless a command says otherwise. */
export const NUMBERS =
  'numbers to give the agents (times in the timed grid): 5..30, 5..100:5 or 5,8,12 (default: from the smallest trained number to 2.5 times the largest)';

const BY_NAME =
  'in a world with several numbers, also by name: first=3 second=5..20 (one value fixes a number, several vary it, and the world draws the rest)';

/** `--numbers`, with lists of several numbers. @param what it says of a single list */
export function addNumbersOption(command: Command, what = NUMBERS, bounds?: Bounds): Command {
  const option = new Option('--numbers <list...>', `${what}; ${BY_NAME}`);
  option.variadic = false; // see repeatNumbers
  return command.addOption(option.argParser(numberLists(bounds)));
}

/** Each call adds to what the calls before have returned, as commander expects for an option that is repeated. */
function numberLists(bounds?: Bounds) {
  return (text: string, before?: NumbersGiven): NumbersGiven => {
    const [, name = '', list = text] = /^\s*(\w+)\s*=(.*)$/s.exec(text) ?? [];
    const values = numberList(name === '' ? '--numbers' : `--numbers ${name}=`, bounds)(list);
    if (name === '' && before === undefined) return values;
    const lists: Record<string, unknown> = Array.isArray(before) ? { '': before } : { ...before };
    if (lists[name] === undefined) return { ...lists, [name]: values } as NumbersGiven;
    const what = name === '' ? 'a list without a name' : name;
    throw new UsageError(`--numbers gives ${what} twice: give all its values at once, as 5,8,12`);
  };
}

export function addEpisodesOption(command: Command, usual: number): Command {
  return command.option(
    '--episodes <count>',
    `episodes at each number; every agent plays the same ones (default: ${usual})`,
    count('--episodes', { max: 1_000_000 }),
  );
}

export function addPolicyOption(command: Command): Command {
  return command.option(
    '--policy <name>',
    'greedy: the most likely action; sample: a random draw from the policy (default: greedy)',
    choice('--policy', POLICIES),
  );
}

export function addCheckpointOption(command: Command): Command {
  return command.option(
    '--checkpoint <name>',
    `which checkpoint: ${checkpointNames.join(', ')} (default: last)`,
    choice('--checkpoint', checkpointNames),
  );
}

export function addEngineOption(command: Command): Command {
  return command.option(
    '--engine <name>',
    `compute engine: ${ENGINES.join(', ')} (default: onnx)`,
    choice('--engine', ENGINES),
  );
}

export function addThreadsOption(command: Command): Command {
  return command.option(
    '--threads <count>',
    'threads to play with; results do not depend on it (default: the number of cores)',
    count('--threads', { max: 256 }),
  );
}

export const ALLOW_CODE = [
  '--allow-code',
  'run the world and the pathway that the run names, even if it was not trained on this machine',
] as const;

/** For a world or a pathway of the user's own that has moved since the training. */
export function addMovedOptions(command: Command): Command {
  return command
    .option('--env <world>', "the world's file or package, if it has moved since training")
    .option('--agent <pathway>', "the pathway's file or package, if it has moved since training")
    .option(...ALLOW_CODE);
}
