import { availableParallelism } from 'node:os';
import type { CompiledProgram } from '../../agent/compiler/compile.ts';
import { inspectWorld } from '../../env/index.ts';
import { VERSION } from '../common/version.ts';
import { defaultNumbers } from '../evaluate/default-numbers.ts';
import { GROUP } from '../play/acting-agent.ts';
import { playUnits } from '../play/player-pool.ts';
import { keptParameters, loadSavedAgent, type SavedAgent } from '../play/saved-agent.ts';
import { pathwaySourceOf } from '../plugins/known-pathway.ts';
import type { PluginOptions } from '../plugins/of-run.ts';
import { checkpointId } from '../run/agent-parameters.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { listKept } from '../run/kept-checkpoints.ts';
import { openRuns } from '../server/open-runs.ts';
import type { PlayedBefore } from '../watch/live-source.ts';
import { PAGE_FILE, type PageAgent, type PageFile, type ProgramFile } from './browser/page-file.ts';
import { firstMessages } from './first-messages.ts';
import { hashOf, modulesOf } from './own-code.ts';

export interface PageOptions extends PluginOptions {
  readonly checkpoint: CheckpointName;
  /** Episodes at each number that the charts start with. */
  readonly episodes: number;
  /** The most of each run's kept checkpoints that go along; all by default. */
  readonly mostKept?: number | undefined;
  /** Is told how many episodes have been played, of how many. */
  onProgress?(played: number, all: number): void;
  /** Is told how many kept checkpoints go along, where there are any, and how many bytes they add. */
  onKept?(count: number, bytes: number): void;
}

/** The files of a page by their names, but for its scripts. */
export type PageContents = Readonly<Record<string, string | Uint8Array>>;

/** The file of what a page shows at first. */
export const FIRST_FILE = 'first.json';

/**
 * Makes what a page needs that shows the agents of several runs without a server.
 * @throws UsageError or Failure for a run that is missing, damaged, of another world than the first, or whose code a browser cannot run
 */
export async function makePage(
  paths: readonly string[],
  { checkpoint, episodes, mostKept, onProgress, onKept, ...plugins }: PageOptions,
): Promise<PageContents> {
  const agents: SavedAgent[] = [];
  for (const path of paths) {
    agents.push(await loadSavedAgent(path, checkpoint, 'onnx', GROUP, plugins));
  }
  const { env } = agents[0]!.description.settings;
  const sources = [
    env.source,
    ...agents.map(({ description }) => pathwaySourceOf(description.settings.config)),
  ];
  const modules = modulesOf(sources.filter((source) => source !== undefined));
  const played = await playAll(agents, episodes, onProgress);
  const source = await openRuns(paths, {
    ...{ ...plugins, checkpoint, engine: 'onnx', wait: false },
    ...{
      backgroundEpisodes: 0,
      lookEvery: 2 ** 31 - 1,
      played,
      ...(mostKept !== undefined && { mostKept }),
    },
  });
  try {
    const id = hashOf(agents.map(checkpointId).join());
    const made = agents.map((agent, i) => {
      const { frames, reward, exact } = source!.curve(i);
      const facts = { info: source!.agents[i]!, curve: { frames, reward, exact } };
      return packed(agent, i, { ...facts, played: played[i]! });
    });
    const kept = made.flatMap(({ agent, files }) =>
      agent.kept.map(({ parameters }) =>
        parameters === agent.parameters ? 0 : files[parameters]!.length,
      ),
    );
    if (kept.length > 0)
      onKept?.(
        kept.length,
        kept.reduce((sum, bytes) => sum + bytes),
      );
    const page: PageFile = {
      ...{ format: 'timegrid-page', version: 1, program: VERSION, id },
      world: { id: env.id, options: source!.world.options },
      ...{ modules, agents: made.map(({ agent }) => agent), backgroundEpisodes: episodes },
    };
    const first = await firstMessages(source!, { server: id, version: VERSION });
    return {
      ...Object.assign({}, ...made.map(({ files }) => files)),
      [PAGE_FILE]: JSON.stringify(page),
      [FIRST_FILE]: JSON.stringify(first),
    };
  } finally {
    await source!.close();
  }
}

/** Plays the episodes that a page's charts start with. */
async function playAll(
  agents: readonly SavedAgent[],
  episodes: number,
  onProgress: PageOptions['onProgress'],
): Promise<PlayedBefore[][]> {
  const { env } = agents[0]!.description.settings;
  const { number: facts } = inspectWorld(env.id, env.options);
  const numbers = facts ? defaultNumbers(facts.trained) : [];
  const policy = 'greedy' as const;
  const units = numbers.map((number) =>
    Array.from({ length: episodes }, (_, seed) => ({ number, seed, policy })),
  );
  let ended = 0;
  const all = agents.length * numbers.length * episodes;
  const played: PlayedBefore[][] = [];
  for (const { blueprint, description, parameters } of agents) {
    const agent = { blueprint, env: description.settings.env, parameters };
    const ends = await playUnits(agent, units, availableParallelism(), () =>
      onProgress?.(++ended, all),
    );
    played.push(
      units.flatMap((plans, unit) => plans.map((plan, i) => ({ ...plan, end: ends[unit]![i]! }))),
    );
  }
  return played;
}

/** An agent as a page carries it, and the files that it needs. */
function packed(
  saved: SavedAgent,
  index: number,
  facts: Pick<PageAgent, 'info' | 'curve' | 'played'>,
): { readonly agent: PageAgent; readonly files: PageContents } {
  const { compiled, engine: _, ...blueprint } = saved.blueprint;
  const files: Record<string, Uint8Array> = {};
  const fileOf = (part: string, content: Uint8Array): string => {
    const name = `agent-${index}.${part}`;
    files[name] = content;
    return name;
  };
  const programOf = ({ model, ...program }: CompiledProgram): ProgramFile => ({
    ...program,
    model: fileOf(`${program.name}.onnx`, model),
  });
  const parameters = fileOf('parameters', bytesOf(saved.parameters));
  const listed = listKept(saved.path);
  const kept = (facts.info.kept ?? []).map(({ frames, checkpoint }) => {
    const found = listed.find(({ id }) => id === checkpoint)!;
    const bytes = bytesOf(keptParameters(saved.path, found, saved.blueprint.layout));
    // A training that has ended keeps what it ends with.
    const isNewest = Buffer.compare(bytes, files[parameters]!) === 0;
    const file = isNewest ? parameters : fileOf(`${frames}.parameters`, bytes);
    return { frames, checkpoint, parameters: file };
  });
  const agent: PageAgent = {
    ...facts,
    checkpoint: checkpointId(saved),
    frames: saved.frames,
    blueprint,
    programs: { encode: programOf(compiled.encode!), act: programOf(compiled.act!) },
    ...{ parameters, kept },
  };
  return { agent, files };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
