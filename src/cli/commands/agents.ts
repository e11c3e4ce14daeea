import type { Command } from 'commander';
import { PRESETS } from '../../../agent/config.ts';
import { configSchemaOf } from '../../../agent/pathways/configure.ts';
import { pathwaySpecs } from '../../../agent/pathways/index.ts';
import type { PathwaySpec } from '../../../agent/pathways/pathway.ts';
import { describeOptions, type OptionDescription } from '../../../env/index.ts';
import { findPathway } from '../../plugins/pathways.ts';
import { columns, optionLines } from '../../render/columns.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

/** All that can be known and chosen about an agent. */
interface AgentSheet {
  readonly name: string;
  readonly summary: string;
  /** The keys of its configuration, with the defaults that hold for it. */
  readonly options: readonly OptionDescription[];
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('[agent]', 'an id, a file or some-package#Name; all agents where left out')
    .option('--json', 'print JSON')
    .action(async (named: string | undefined, { json = false }: { json?: boolean }) => {
      const sheets = pathwaySpecs().map(agentSheet);
      const one = named === undefined ? undefined : agentSheet((await findPathway(named)).spec);
      if (json) terminal.printJson(one ?? sheets);
      else terminal.print(one ? written(one) : listed(sheets));
    });
  addExamples(command, {
    'timegrid agents': 'the agents, and what the LSTM of each gets',
    'timegrid agents nac-clock': 'all that can be chosen about one, and its defaults',
    'timegrid agents nac-clock --json': 'the same for a program to read',
  });
}

function agentSheet(spec: PathwaySpec): AgentSheet {
  const options = describeOptions(configSchemaOf(spec)).filter(({ name }) => name !== 'pathway');
  return { name: spec.id, summary: spec.summary, options };
}

function listed(sheets: readonly AgentSheet[]): string {
  return columns(sheets.map(({ name, summary }) => [name, summary])).join('\n');
}

function written({ name, summary, options }: AgentSheet): string {
  const presets = Object.entries(PRESETS).map(([preset, sizes]) => [
    `  ${preset}`,
    Object.entries(sizes)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ]);
  return [
    `${name}: ${summary}`,
    '',
    'Configuration, each key with its default (train --set key=value, or --config FILE):',
    ...optionLines(options),
    '',
    'Sizes by name (train --preset name):',
    ...columns(presets),
  ].join('\n');
}
