import { Argument, type Command } from 'commander';
import {
  agentConfigSchema,
  PATHWAY_DEFAULTS,
  PATHWAY_SUMMARIES,
  PATHWAYS,
  type PathwayName,
  PRESETS,
} from '../../../agent/config.ts';
import { describeOptions, type OptionDescription } from '../../../env/index.ts';
import { choice } from '../../common/parse.ts';
import { columns, optionLines } from '../../render/columns.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

/** All that can be known and chosen about an agent. */
interface AgentSheet {
  readonly name: PathwayName;
  readonly summary: string;
  /** The keys of its configuration, with the defaults that hold for it. */
  readonly options: readonly OptionDescription[];
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .addArgument(
      new Argument('[agent]', `one of ${PATHWAYS.join(', ')}; all where left out`).argParser(
        choice('the agent', PATHWAYS),
      ),
    )
    .option('--json', 'print JSON')
    .action((named: PathwayName | undefined, { json = false }: { json?: boolean }) => {
      const sheets = PATHWAYS.map(agentSheet);
      const one = sheets.find(({ name }) => name === named);
      if (json) terminal.printJson(one ?? sheets);
      else terminal.print(one ? written(one) : listed(sheets));
    });
  addExamples(command, {
    'timegrid agents': 'the agents, and what the LSTM of each gets',
    'timegrid agents nac-clock': 'all that can be chosen about one, and its defaults',
    'timegrid agents nac-clock --json': 'the same for a program to read',
  });
}

function agentSheet(name: PathwayName): AgentSheet {
  const own: Readonly<Record<string, unknown>> = PATHWAY_DEFAULTS[name];
  const options = describeOptions(agentConfigSchema)
    .filter((option) => option.name !== 'pathway')
    .map((option) =>
      Object.hasOwn(own, option.name) ? { ...option, default: own[option.name] } : option,
    );
  return { name, summary: PATHWAY_SUMMARIES[name], options };
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
