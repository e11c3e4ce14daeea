import type { Command } from 'commander';
import {
  type Box,
  describeOptions,
  type EnvSpec,
  inspectWorld,
  numbersOf,
  type OptionDescription,
  type OtherNumber,
  specs,
} from '../../../env/index.ts';
import { formatRange } from '../../common/format.ts';
import { printableData } from '../../common/printable-data.ts';
import { findWorld } from '../../plugins/worlds.ts';
import { columns, optionLines } from '../../render/align-columns.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

/** A world and its options. */
interface SpecSheet {
  readonly id: string;
  readonly summary: string;
  /** The names of the actions; an action is a position in this list. */
  readonly actions: readonly string[];
  /** With every option at its default. */
  readonly observation: { readonly pixels: Box; readonly instruction: Box };
  /** The numbers that it tells, the main one first. */
  readonly numbers: readonly OtherNumber[];
  readonly options: readonly OptionDescription[];
  readonly resetOptions: readonly OptionDescription[];
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[world]',
      'an id such as TimedGrid-v0, a file, or some-package#World (default: list all built-in ones)',
    )
    .option('--json', 'print JSON')
    .action(async (named: string | undefined, { json = false }: { json?: boolean }) => {
      if (named !== undefined) {
        const sheet = specSheet((await findWorld(named)).spec);
        json ? terminal.printJson(sheet) : terminal.print(written(sheet));
      } else {
        const sheets = specs().map(specSheet);
        json ? terminal.printJson(sheets) : terminal.print(listed(sheets));
      }
    });
  addExamples(command, {
    'timegrid envs': 'the worlds that ship',
    'timegrid envs TimedGrid-v0': 'the actions, observation and options of one',
    'timegrid new-env my-world && timegrid envs ./my-world.ts': 'a world of your own',
    'timegrid envs TimedGrid-v0 --json': 'the same for a program to read',
  });
}

function specSheet(spec: EnvSpec): SpecSheet {
  const world = inspectWorld(spec.id);
  const { actions, observationSpace: observation } = world;
  return {
    id: spec.id,
    summary: spec.summary,
    actions,
    observation,
    numbers: numbersOf(world),
    options: describeOptions(spec.options),
    resetOptions: describeOptions(spec.resetOptions),
  };
}

function listed(sheets: readonly SpecSheet[]): string {
  return columns(sheets.map(({ id, summary }) => [id, summary])).join('\n');
}

function written(given: SpecSheet): string {
  const sheet = printableData(given);
  const { pixels, instruction } = sheet.observation;
  const lines = [
    `${sheet.id}: ${sheet.summary}`,
    '',
    ...columns([
      ['actions', sheet.actions.map((name, action) => `${action} ${name}`).join(', ')],
      ['pixels', space(pixels)],
      ['instruction', instruction.length === 0 ? 'none' : space(instruction)],
      ...inOrder(sheet.numbers).map((number, i) => [i === 0 ? 'numbers' : '', described(number)]),
    ]),
  ];
  if (sheet.options.length > 0) {
    lines.push('', 'Options, each with its default (train --env-option name=value):');
    lines.push(...optionLines(sheet.options));
  }
  if (sheet.resetOptions.length > 0) {
    lines.push('', 'Options of a single episode (reset in a program):');
    lines.push(...optionLines(sheet.resetOptions));
  }
  return lines.join('\n');
}

/** As they stand in the instruction. */
const inOrder = (numbers: readonly OtherNumber[]): readonly OtherNumber[] =>
  numbers.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0));

/** `t2, the second time: 11 to 15 in training (evaluate --numbers second=…)` */
function described({ option, symbol, meaning, trained }: OtherNumber): string {
  return `${symbol}, the ${meaning}: ${formatRange(...trained)} in training (evaluate --numbers ${option}=…)`;
}

function space({ dtype, shape, low, high }: Box): string {
  return `${dtype} [${shape.join(', ')}], each from ${low} to ${high}`;
}
