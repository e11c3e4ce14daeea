import type { Blueprint } from '../../../agent/blueprint.ts';
import { type ActPrograms, loadActPrograms } from '../../play/act.ts';
import { type ActingAgent, actingAgent } from '../../play/acting-agent.ts';
import type { AgentChanges, FollowedAgents } from '../../watch/live-source.ts';
import type { AgentInfo } from '../../watch/protocol.ts';
import { type AgentsThread, ShownAgents } from '../../watch/shown-agents.ts';
import type { PageAgent, PageFile, ProgramFile } from './page-file.ts';
import type { FileOf } from './place.ts';
import type { TrainedNews } from './posted.ts';
import type { TrainedAgent } from './trained-agent.ts';

interface Entry {
  readonly agent: PageAgent;
  readonly fileOf: FileOf;
  info: AgentInfo;
  curve: { frames: number[]; reward: (number | null)[]; exact: (number | null)[] };
  /** Its programs, once it has played. */
  programs?: Promise<{ readonly blueprint: Blueprint; readonly programs: ActPrograms }>;
}

/** A page's agents, and one that is trained in this browser: they play in this thread. Each is loaded when it first plays. */
export class PageAgents implements FollowedAgents, AgentsThread {
  readonly env: PageFile['world'];
  readonly #entries: readonly Entry[];
  readonly #trained: number | null;
  readonly #shown = new ShownAgents();
  readonly #loading = new Map<number, Promise<void>>();
  #isTraining = false;
  /** Since the last look. */
  #changes: { agents: Set<number>; curves: Set<number> } = { agents: new Set(), curves: new Set() };
  // One after the other, as a thread answers.
  #last: Promise<unknown> = Promise.resolve();

  constructor(page: PageFile, fileOf: FileOf, trained?: TrainedAgent) {
    const isElsewhere = trained && JSON.stringify(trained.world) !== JSON.stringify(page.world);
    this.env = trained?.world ?? page.world;
    const entryOf = (agent: PageAgent, files: FileOf): Entry => {
      const { frames, reward, exact } = agent.curve;
      const curve = { frames: [...frames], reward: [...reward], exact: [...exact] };
      return { agent, fileOf: files, info: agent.info, curve };
    };
    const entries = isElsewhere ? [] : page.agents.map((agent) => entryOf(agent, fileOf));
    this.#trained = trained ? entries.length : null;
    if (trained) {
      const { agent, files } = trained;
      entries.push(entryOf(agent, async (name) => files[name] ?? (await fileOf(name))));
    }
    this.#entries = entries;
  }

  get infos(): readonly AgentInfo[] {
    return this.#entries.map(({ info }) => info);
  }

  /** Whether an agent is being trained in this browser. */
  get isTraining(): boolean {
    return this.#isTraining;
  }

  /** The episodes that count in the charts from the start. */
  get played() {
    return this.#entries.map(({ agent }) => agent.played);
  }

  curve(agent: number) {
    return { ...this.#entries[agent]!.curve, edition: 0 };
  }

  async look(): Promise<AgentChanges> {
    const { agents, curves } = this.#changes;
    this.#changes = { agents: new Set(), curves: new Set() };
    return { agents: [...agents], curves: [...curves] };
  }

  /** Takes news of the agent that is trained in this browser. */
  hear(news: TrainedNews['trained']): void {
    const index = this.#trained;
    const entry = this.#entries[index ?? -1];
    if (index === null || !entry) return;
    if ('point' in news) {
      const { frames, reward, exact } = news.point;
      entry.curve.frames.push(frames);
      entry.curve.reward.push(reward);
      entry.curve.exact.push(exact);
      this.#changes.curves.add(index);
      return;
    }
    if ('isTraining' in news) {
      this.#isTraining = news.isTraining;
      return;
    }
    const { checkpoint, frames, parameters } = news;
    this.#inTurn(async () => {
      const loaded = await this.#load(entry, { checkpoint, frames, parameters });
      this.#shown.set(index, loaded);
      this.#loading.set(index, Promise.resolve());
      entry.info = { ...entry.info, checkpoint, frames, nac: loaded.nac };
      this.#changes.agents.add(index);
    });
  }

  ask(name: string, request: unknown) {
    return this.#inTurn(() => this.#answer(name, request as never)) as Promise<never>;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#shown.closeAll();
  }

  #inTurn(action: () => Promise<unknown>): Promise<unknown> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }

  async #answer(name: string, request: never): Promise<unknown> {
    if (name === 'open') {
      const wanted: Parameters<ShownAgents['open']>[0] = request;
      await this.#loaded(wanted.agent);
      return this.#shown.open(wanted);
    }
    return name === 'advance' ? this.#shown.advance(request) : this.#shown.close(request);
  }

  #loaded(index: number): Promise<void> {
    const load = async (): Promise<void> => {
      const entry = this.#entries[index]!;
      const { checkpoint, frames, parameters } = entry.agent;
      const flat = floats(await entry.fileOf(parameters));
      this.#shown.set(index, await this.#load(entry, { checkpoint, frames, parameters: flat }));
    };
    const known = this.#loading.get(index) ?? load();
    this.#loading.set(index, known);
    return known;
  }

  async #load(
    entry: Entry,
    made: Pick<Parameters<typeof actingAgent>[0], 'checkpoint' | 'frames' | 'parameters'>,
  ): Promise<ActingAgent> {
    entry.programs ??= programsOf(entry);
    const { blueprint, programs } = await entry.programs;
    return actingAgent({ ...made, blueprint, env: this.env }, programs);
  }
}

async function programsOf({ agent, fileOf }: Entry) {
  const blueprint = await blueprintOf(agent, fileOf);
  return { blueprint, programs: await loadActPrograms(blueprint) };
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
