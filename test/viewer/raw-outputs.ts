/**
 * Runs in a browser's thread: lets a page's agents play, by the code by which the page lets them, and posts what their networks compute
 * before anything is rounded. Bundled by `raw-outputs.long.test.ts`.
 */

import { agentsOf } from '../../src/page/browser/page-agents.ts';
import { PAGE_FILE, type PageFile } from '../../src/page/browser/page-file.ts';
import { setWasm } from '../../src/page/browser/wasm-file.ts';
import type { ActOutput } from '../../src/play/act.ts';
import type { ActingAgent } from '../../src/play/acting-agent.ts';
import { AgentEpisode } from '../../src/play/agent-episode.ts';
import type { EpisodePlan } from '../../src/play/episodes.ts';

/** An agent, as it is or as it was kept, and what it plays. */
export interface RawOrder {
  readonly agent: number;
  readonly kept?: string | undefined;
  readonly plan: EpisodePlan;
}

/** What a network made of each step. */
export interface RawStep {
  readonly action: number;
  readonly probabilities: readonly number[];
  readonly value: number;
  readonly state: readonly number[];
}

/** Plays an episode to its end. */
export async function rawSteps(agent: ActingAgent, plan: EpisodePlan): Promise<RawStep[]> {
  const outputs: ActOutput[] = [];
  const act: ActingAgent['act'] = async (inputs) => {
    const [output] = await agent.act(inputs);
    outputs.push({ ...output!, nextState: output!.nextState.slice() });
    return [output!];
  };
  const episode = AgentEpisode.open({ ...agent, act }, plan, { record: {} });
  while (!episode.end && !episode.failure) await AgentEpisode.advance({ act }, [episode], 64);
  const actions = episode.recorder!.take().map(({ action }) => action);
  episode.close();
  return outputs.map(({ probabilities, value, nextState }, step) => ({
    ...{ action: actions[step]!, value },
    ...{ probabilities: [...probabilities], state: [...nextState] },
  }));
}

interface Scope {
  postMessage(message: unknown): void;
  onmessage: (event: { readonly data: readonly RawOrder[] }) => void;
  readonly location: { readonly href: string };
}

/** In Node this file only lends `rawSteps`. */
if ('WorkerGlobalScope' in globalThis) {
  const scope = globalThis as unknown as Scope;
  const urlOf = (name: string) => new URL(name, scope.location.href);
  const fileOf = async (name: string) =>
    new Uint8Array(await (await fetch(urlOf(name))).arrayBuffer());
  scope.onmessage = async ({ data: orders }) => {
    try {
      setWasm(urlOf('ort-wasm-simd-threaded.wasm').href);
      const page = JSON.parse(new TextDecoder().decode(await fileOf(PAGE_FILE))) as PageFile;
      const agents = agentsOf(page, fileOf);
      const played: RawStep[][] = [];
      for (const { agent, kept, plan } of orders) {
        const acting = kept ? await agents.kept(agent, kept) : await agents.newest(agent);
        played.push(await rawSteps(acting!, plan));
      }
      scope.postMessage({ played });
    } catch (error) {
      scope.postMessage({ broken: String(error) });
    }
  };
}
