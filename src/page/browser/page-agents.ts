import type { Blueprint } from '../../../agent/blueprint.ts';
import { loadActPrograms } from '../../play/act.ts';
import { type ActingAgent, actingAgent } from '../../play/acting-agent.ts';
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

/** Lets a page's agents play in this thread. Each is loaded when it first plays. */
export function agentsHere({ world, agents }: PageFile, fileOf: FileOf): AgentsThread {
  const shown = new ShownAgents();
  const loading = new Map<number, Promise<void>>();
  const load = async (agent: number): Promise<void> => {
    const { checkpoint, frames, ...parts } = agents[agent]!;
    const blueprint = await blueprintOf(parts, fileOf);
    const parameters = floats(await fileOf(parts.parameters));
    const facts = { blueprint, env: world, checkpoint, frames, parameters };
    const acting: ActingAgent = actingAgent(facts, await loadActPrograms(blueprint));
    shown.set(agent, acting);
  };
  const loaded = (agent: number): Promise<void> => {
    const known = loading.get(agent) ?? load(agent);
    loading.set(agent, known);
    return known;
  };
  const answer = async (name: string, request: never): Promise<unknown> => {
    if (name === 'open') {
      const wanted: Parameters<ShownAgents['open']>[0] = request;
      await loaded(wanted.agent);
      return shown.open(wanted);
    }
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
