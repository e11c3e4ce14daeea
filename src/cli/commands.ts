import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Gives a command its arguments, options, examples and action. */
export type Define = (command: Command, terminal: Terminal) => void;

/** A command, whose file is loaded only when it is called. */
export interface CommandEntry {
  /** Its heading in the help. */
  readonly group: string;
  readonly summary: string;
  load(): Promise<{ readonly default: Define }>;
}

const TRAIN = 'Train and measure:';
const LOOK = 'Look:';
const OWN = 'Your own worlds and pathways:';
const MORE = 'More:';

/** Every command by its name, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  study: {
    group: TRAIN,
    summary: 'train several agents, evaluate them, and write a report',
    load: () => import('./commands/study.ts'),
  },
  train: {
    group: TRAIN,
    summary: 'train one agent, or resume its training',
    load: () => import('./commands/train.ts'),
  },
  evaluate: {
    group: TRAIN,
    summary: 'play trained agents at several numbers: a table and a figure',
    load: () => import('./commands/evaluate.ts'),
  },
  explain: {
    group: TRAIN,
    summary: 'explain what a trained agent does with its number, and where it first fails',
    load: () => import('./commands/explain.ts'),
  },
  watch: {
    group: LOOK,
    summary: 'watch agents side by side in the browser',
    load: () => import('./commands/watch.ts'),
  },
  envs: {
    group: LOOK,
    summary: 'list the worlds, or describe one and its options',
    load: () => import('./commands/envs.ts'),
  },
  agents: {
    group: LOOK,
    summary: 'list the agents, or describe one and its configuration',
    load: () => import('./commands/agents.ts'),
  },
  'new-env': {
    group: OWN,
    summary: 'write a small world to start from, and its test',
    load: () => import('./commands/new-env.ts'),
  },
  check: {
    group: OWN,
    summary: 'check a world or a pathway against every rule, and say what to change',
    load: () => import('./commands/check.ts'),
  },
  export: {
    group: MORE,
    summary: 'save a trained agent as an ONNX model, or as a small copy to share',
    load: () => import('./commands/export.ts'),
  },
  verify: {
    group: MORE,
    summary: 'check every byte of a run, and say what is lost and what can be had again',
    load: () => import('./commands/verify.ts'),
  },
  bench: {
    group: MORE,
    summary: 'measure how fast worlds, engines and training are on this machine',
    load: () => import('./commands/bench.ts'),
  },
};
