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

/** The commands by their heading and their name, in the order of the help. */
const groups: Readonly<Record<string, Readonly<Record<string, Omit<CommandEntry, 'group'>>>>> = {
  'Train and measure:': {
    study: {
      summary: 'train several agents, evaluate them, and write a report',
      load: () => import('./commands/study.ts'),
    },
    worker: {
      summary: 'do runs of studies that are in a queue, on this machine',
      load: () => import('./commands/worker.ts'),
    },
    train: {
      summary: 'train one agent, or resume its training',
      load: () => import('./commands/train.ts'),
    },
    evaluate: {
      summary: 'play trained agents at several numbers: a table and a figure',
      load: () => import('./commands/evaluate.ts'),
    },
    explain: {
      summary: 'explain what a trained agent does with its number, and where it first fails',
      load: () => import('./commands/explain.ts'),
    },
  },
  'The other experiments of the paper:': {
    numeracy: {
      summary:
        'train small nets on arithmetic, digits and number words, and report which can do what',
      load: () => import('./commands/numeracy.ts'),
    },
  },
  'Look:': {
    watch: {
      summary: 'watch agents side by side in the browser',
      load: () => import('./commands/watch.ts'),
    },
    page: {
      summary: 'write a page of agents that needs no server: a folder, or one file',
      load: () => import('./commands/page.ts'),
    },
    envs: {
      summary: 'list the worlds, or describe one and its options',
      load: () => import('./commands/envs.ts'),
    },
    agents: {
      summary: 'list the agents, or describe one and its configuration',
      load: () => import('./commands/agents.ts'),
    },
  },
  'Your own worlds, pathways and cells:': {
    'new-env': {
      summary: 'write a small world to start from, and its test',
      load: () => import('./commands/new-env.ts'),
    },
    check: {
      summary: 'check a world, a pathway or a cell against every rule, and say what to change',
      load: () => import('./commands/check.ts'),
    },
  },
  'More:': {
    export: {
      summary: 'save a trained agent as an ONNX model, or as a small copy to share',
      load: () => import('./commands/export.ts'),
    },
    verify: {
      summary: 'check every byte of a run, and say what is lost and what can be restored',
      load: () => import('./commands/verify.ts'),
    },
    bench: {
      summary: 'measure how fast worlds, engines and training are on this machine',
      load: () => import('./commands/bench.ts'),
    },
  },
};

/** Every command by its name. */
export const commands: Readonly<Record<string, CommandEntry>> = Object.fromEntries(
  Object.entries(groups).flatMap(([group, entries]) =>
    Object.entries(entries).map(([name, entry]) => [name, { group, ...entry }]),
  ),
);
