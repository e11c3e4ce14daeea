import type { Command } from 'commander';
import { PRESETS } from '../../../agent/config.ts';
import { configSchemaOf } from '../../../agent/pathways/configure.ts';
import type { PathwaySpec } from '../../../agent/pathways/pathway.ts';
import { pathwaySpecs } from '../../../agent/pathways/registry.ts';
import { describeOptions, type OptionDescription } from '../../../env/index.ts';
import { printableData } from '../../common/printable-data.ts';
import { findPathway } from '../../plugins/pathways.ts';
import { columns, optionLines } from '../../render/align-columns.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

/** An agent and its configuration. */
interface AgentSheet {
  readonly name: string;
  readonly summary: string;
  /** The keys of its configuration, with this agent's defaults. */
  readonly options: readonly OptionDescription[];
  /** The keys that this agent's pathway alone takes. */
  readonly own: readonly string[];
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[agent]',
      'an id, a file such as ./my-pathway.ts, or some-package#Name (default: list all built-in ones)',
    )
    .option('--json', 'print JSON')
    .action(async (named: string | undefined, { json = false }: { json?: boolean }) => {
      const sheets = pathwaySpecs().map(agentSheet);
      const one = named === undefined ? undefined : agentSheet((await findPathway(named)).spec);
      if (json) terminal.printJson(one ?? sheets);
      else terminal.print(one ? written(one) : listed(sheets));
    });
  addExamples(command, {
    'timegrid agents': 'the agents, and what the LSTM of each receives',
    'timegrid agents nac-clock': 'the configuration of one, and its defaults',
    'timegrid agents nac-clock --json': 'the same for a program to read',
  });
}

function agentSheet(spec: PathwaySpec): AgentSheet {
  const options = describeOptions(configSchemaOf(spec)).filter(({ name }) => name !== 'pathway');
  return { name: spec.id, summary: spec.summary, options, own: Object.keys(spec.options.shape) };
}

function listed(sheets: readonly AgentSheet[]): string {
  return columns(sheets.map(({ name, summary }) => [name, summary])).join('\n');
}

function written(sheet: AgentSheet): string {
  const { name, summary, options, own } = printableData(sheet);
  const isOwn = (option: OptionDescription): boolean => own.includes(option.name);
  const presets = Object.entries(PRESETS).map(([preset, sizes]) => [
    `  ${preset}`,
    Object.entries(sizes)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ]);
  return [
    `${name}: ${summary}`,
    '',
    'Configuration, each key with its default (train --set key=value):',
    ...optionLines(options.filter((option) => !isOwn(option))),
    ...(own.length > 0 ? ['', `Of ${name} alone:`, ...optionLines(options.filter(isOwn))] : []),
    '',
    'Presets (train --preset name):',
    ...columns(presets),
  ].join('\n');
}
