import type { Blueprint } from '../../../agent/blueprint.ts';
import { type ActPrograms, loadActPrograms } from '../../play/act.ts';
import { type ActingAgent, actingAgent } from '../../play/acting-agent.ts';
import { KeptAgents } from '../../watch/kept-agents.ts';
import type { FollowedAgents } from '../../watch/live-source.ts';
import { type AgentsThread, ShownAgents } from '../../watch/shown-agents.ts';
import type { PageAgent, PageFile, ProgramFile } from './page-file.ts';

/** Gives the bytes of a page's file. */
export type FileOf = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** What a page says of its agents. */
export function followedAgents({ world, agents }: PageFile): FollowedAgents {
  return {
    env: world,
    infos: agents.map(({ info }) => info),
    curve: (agent) => ({ ...agents[agent]!.curve, edition: 0 }),
    look: async () => ({ agents: [], curves: [] }),
  };
}

/** Loads a page's agents: as they are, or as their runs have kept them. Each is compiled once. */
export function agentsOf({ world, agents }: PageFile, fileOf: FileOf) {
  const compiled = new Map<PageAgent, Promise<Compiled>>();
  const compile = async (agent: PageAgent): Promise<Compiled> => {
    const blueprint = await blueprintOf(agent, fileOf);
    return { blueprint, programs: await loadActPrograms(blueprint) };
  };
  const acting = async (
    agent: PageAgent,
    { frames, checkpoint, parameters: file }: Pick<PageAgent, Checkpoint>,
  ): Promise<ActingAgent> => {
    const known = compiled.get(agent) ?? compile(agent);
    compiled.set(agent, known);
    const { blueprint, programs } = await known;
    const parameters = floats(await fileOf(file));
    return actingAgent({ blueprint, env: world, checkpoint, frames, parameters }, programs);
  };
  return {
    newest: (agent: number) => acting(agents[agent]!, agents[agent]!),
    /** Undefined where it has not been kept. */
    async kept(agent: number, checkpoint: string): Promise<ActingAgent | undefined> {
      const found = agents[agent]!.kept.find((one) => one.checkpoint === checkpoint);
      return found && acting(agents[agent]!, found);
    },
  };
}

type Checkpoint = 'frames' | 'checkpoint' | 'parameters';

interface Compiled {
  readonly blueprint: Blueprint;
  readonly programs: ActPrograms;
}

/** Lets a page's agents play in this thread. Each is loaded when it first plays. */
export function agentsHere(page: PageFile, fileOf: FileOf): AgentsThread {
  const agents = agentsOf(page, fileOf);
  const shown = new ShownAgents();
  const keptAgents = new KeptAgents(agents.kept);
  const loading = new Map<number, Promise<void>>();
  const load = async (agent: number): Promise<void> => shown.set(agent, await agents.newest(agent));
  const loaded = (agent: number): Promise<void> => {
    const known = loading.get(agent) ?? load(agent);
    loading.set(agent, known);
    return known;
  };
  const open = async (request: Parameters<ShownAgents['open']>[0]): Promise<unknown> => {
    const { agent, checkpoint } = request;
    if (checkpoint !== page.agents[agent]!.checkpoint) {
      return shown.open(request, [], await keptAgents.get(agent, checkpoint));
    }
    await loaded(agent);
    return shown.open(request);
  };
  const answer = async (name: string, request: never): Promise<unknown> => {
    if (name === 'open') return open(request);
    return name === 'advance' ? shown.advance(request) : shown.close(request);
  };
  // One after the other, as a thread answers.
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask(name: string, request: unknown) {
      const answered = last.then(() => answer(name, request as never));
      last = answered.catch(() => {});
      return answered as Promise<never>;
    },
    async close() {
      await last;
      shown.closeAll();
    },
  };
}

async function blueprintOf(
  { blueprint, programs }: Pick<PageAgent, 'blueprint' | 'programs'>,
  fileOf: FileOf,
): Promise<Blueprint> {
  const whole = async (program: ProgramFile) => ({
    ...program,
    model: await fileOf(program.model),
  });
  const compiled = { encode: await whole(programs.encode), act: await whole(programs.act) };
  return { ...blueprint, engine: 'wasm', compiled };
}

/** Numbers in the order of bytes that every browser's machine has. */
const floats = (bytes: Uint8Array<ArrayBuffer>): Float32Array =>
  new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
