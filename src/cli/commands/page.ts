import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { formatCount } from '../../common/format.ts';
import { count } from '../../common/parse.ts';
import { requireDistinct } from '../../run/folder.ts';
import { MOST_KEPT } from '../../run/kept-points.ts';
import { PRETRAINED, pretrainedRun, runNamed } from '../../run/pretrained.ts';
import { MOST_AGENTS } from '../../watch/protocol.ts';
import { addExamples } from '../examples.ts';
import { type AgentFlags, addCheckpointOption, addMovedOptions } from '../shared-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends AgentFlags {
  readonly out?: string;
  readonly single?: string;
  readonly episodes?: number;
  readonly overwrite?: boolean;
  readonly kept?: number;
}

const EPISODES = 20;

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[run...]',
      `folders of up to ${MOST_AGENTS} runs, pretrained agents, or a world's id (default: the pretrained agents ${PRETRAINED.join(', ')})`,
    )
    .option('--out <folder>', 'write a folder of static files, for any web host')
    .option('--single <file>', 'write one HTML file that holds everything, to open or to send')
    .option(
      '--episodes <count>',
      `episodes at each number that the charts start with (default: ${EPISODES})`,
      count('--episodes', { max: 1_000 }),
    )
    .option(
      '--kept <count>',
      'checkpoints of each training that go along, of those that train --keep has kept (default: all)',
      count('--kept', { min: 0, max: MOST_KEPT }),
    )
    .option('--overwrite', 'replace the page if it exists');
  addMovedOptions(command);
  addCheckpointOption(command).action((given: string[], options: Options) =>
    run(given, options, terminal),
  );
  addExamples(command, {
    'timegrid page --single agents.html':
      'the pretrained agents, in one file that any browser opens',
    'timegrid page baseline nac-clock --out site': 'two of them, as a folder for a web host',
    'timegrid page CountCoins-v0 --out site --overwrite': 'the agent that ships for a world',
  });
}

async function run(
  given: readonly string[],
  options: Options,
  { note, print }: Terminal,
): Promise<void> {
  const { out, single, episodes = EPISODES, overwrite, checkpoint = 'last' } = options;
  const { env, agent, allowCode, kept: mostKept } = options;
  if (out === undefined && single === undefined) {
    throw new UsageError(
      'give --out <folder> for a folder of files, --single <file.html> for one file, or both',
    );
  }
  if (single !== undefined && !/\.html?$/i.test(single)) {
    throw new UsageError(`--single takes a file whose name ends in .html, not ${single}`);
  }
  if (given.length > MOST_AGENTS) {
    throw new UsageError(`a page shows at most ${MOST_AGENTS} runs, not ${given.length}`);
  }
  const runs = given.length > 0 ? given.map(runNamed) : PRETRAINED.map(pretrainedRun);
  requireDistinct(runs);
  const { requireFree, writePageFolder, writeSinglePage } = await import(
    '../../page/write-page.ts'
  );
  for (const path of [out, single]) if (path !== undefined) requireFree(path, overwrite);
  const { makePage } = await import('../../page/make-page.ts');
  const contents = await makePage(runs, {
    ...{ checkpoint, episodes, mostKept, env, agent, allowCode, onNote: note },
    onKept: (kept, bytes) =>
      note(
        `${kept} checkpoints that were kept during training go along and add ${(bytes / 1e6).toFixed(1)} MB; --kept takes fewer, or none with 0`,
      ),
    onProgress: (played, all) => {
      if (played === all) note(`played ${formatCount(all)} episodes for the charts`);
    },
  });
  if (out !== undefined) {
    writePageFolder(contents, out, { overwrite });
    print(`${out} holds the page: put it on any web host`);
  }
  if (single !== undefined) {
    writeSinglePage(contents, single, { overwrite });
    print(`${single} is the page: open it in a browser, or send it`);
  }
}
