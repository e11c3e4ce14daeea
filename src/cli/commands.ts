import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Gives a command its arguments, options, examples and action. */
export type Define = (command: Command, terminal: Terminal) => void;

/** A command by what the overall help says of it; its file is loaded only when it is asked for. */
export interface CommandEntry {
  readonly summary: string;
  load(): Promise<{ readonly default: Define }>;
}

/** Every command by its name, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  study: {
    summary: 'train several agents at once, then compare them: the whole experiment',
    load: () => import('./commands/study.ts'),
  },
  train: {
    summary: 'train an agent, or go on with its training',
    load: () => import('./commands/train.ts'),
  },
  evaluate: {
    summary: 'play a trained agent at several numbers, and say how well it follows them',
    load: () => import('./commands/evaluate.ts'),
  },
  compare: {
    summary: 'evaluate several runs alike: a table and a figure',
    load: () => import('./commands/compare.ts'),
  },
  explain: {
    summary: 'say what a trained agent does with the number, and where it first fails',
    load: () => import('./commands/explain.ts'),
  },
  figure: {
    summary: 'train and evaluate all that a file declares, and write its report',
    load: () => import('./commands/figure.ts'),
  },
  watch: {
    summary: 'watch agents side by side, in a page on this machine',
    load: () => import('./commands/watch.ts'),
  },
  export: {
    summary: 'write a trained agent as an ONNX model, or as a small run to hand on',
    load: () => import('./commands/export.ts'),
  },
  agents: {
    summary: 'list the agents, or show all that can be chosen about one',
    load: () => import('./commands/agents.ts'),
  },
  envs: {
    summary: 'list the worlds, or show all that can be chosen about one',
    load: () => import('./commands/envs.ts'),
  },
  check: {
    summary: 'check a world against every rule of the contract, and say what to change',
    load: () => import('./commands/check.ts'),
  },
  'new-env': {
    summary: 'write a small world of your own, and its test',
    load: () => import('./commands/new-env.ts'),
  },
  bench: {
    summary: 'measure how fast worlds, engines and training are on this machine',
    load: () => import('./commands/bench.ts'),
  },
};
