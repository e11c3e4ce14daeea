import type { Blueprint } from '../../../agent/blueprint.ts';
import { type ActPrograms, loadActPrograms } from '../../play/act.ts';
import { type ActingAgent, type AgentParts, actingAgent } from '../../play/acting-agent.ts';
import { KeptAgents } from '../../watch/kept-agents.ts';
import type { AgentChanges, FollowedAgents } from '../../watch/live-source.ts';
import type { AgentInfo } from '../../watch/protocol.ts';
import { type AgentsThread, ShownAgents } from '../../watch/shown-agents.ts';
import type { PageAgent, PageFile, ProgramFile } from './page-file.ts';
import type { FileOf } from './place.ts';
import type { CurvePoint, TrainedNews } from './posted.ts';
import type { TrainedAgent } from './trained-agent.ts';

/** Loads a page's agents: as they are, or as their runs have kept them. Each is compiled once. */
export function agentsOf({ world, agents }: Pick<PageFile, 'world' | 'agents'>, fileOf: FileOf) {
  const compiled = new Map<PageAgent, Promise<Compiled>>();
  const compile = async (agent: PageAgent): Promise<Compiled> => {
    const blueprint = await blueprintOf(agent, fileOf);
    return { blueprint, programs: await loadActPrograms(blueprint) };
  };
  const made = async (agent: PageAgent, facts: MadeOf): Promise<ActingAgent> => {
    const known = compiled.get(agent) ?? compile(agent);
    compiled.set(agent, known);
    const { blueprint, programs } = await known;
    return actingAgent({ ...facts, blueprint, env: world }, programs);
  };
  const acting = async (
    agent: PageAgent,
    { frames, checkpoint, parameters: file }: Pick<PageAgent, keyof MadeOf>,
  ): Promise<ActingAgent> =>
    made(agent, { frames, checkpoint, parameters: floats(await fileOf(file)) });
  return {
    /** With parameters that the page does not come with. */
    with: (agent: number, facts: MadeOf) => made(agents[agent]!, facts),
    newest: (agent: number) => acting(agents[agent]!, agents[agent]!),
    /** Undefined where it has not been kept. */
    async kept(agent: number, checkpoint: string): Promise<ActingAgent | undefined> {
      const found = agents[agent]!.kept.find((one) => one.checkpoint === checkpoint);
      return found && acting(agents[agent]!, found);
    },
  };
}

/** A checkpoint. */
type MadeOf = Pick<AgentParts, 'frames' | 'checkpoint' | 'parameters'>;

interface Compiled {
  readonly blueprint: Blueprint;
  readonly programs: ActPrograms;
}

/** What becomes of an agent: only one that is trained in this browser changes. */
interface Following {
  info: AgentInfo;
  readonly curve: {
    readonly frames: number[];
    readonly reward: (number | null)[];
    readonly exact: (number | null)[];
    edition: number;
  };
}

/** A training that goes on from its last checkpoint takes back what came after it. */
function addPoint(curve: Following['curve'], point: CurvePoint): void {
  const { frames, reward, exact } = curve;
  while (frames.length > 0 && frames.at(-1)! >= point.frames) {
    for (const values of [frames, reward, exact]) values.pop();
    curve.edition += 1;
  }
  frames.push(point.frames);
  reward.push(point.reward);
  exact.push(point.exact);
}

/** A page's agents, and one that is trained in this browser: they play in this thread. Each is loaded when it first plays. */
export class PageAgents implements FollowedAgents, AgentsThread {
  readonly env: PageFile['world'];
  /** The episodes that count in the charts from the start, by agent. */
  readonly played: readonly PageAgent['played'][];
  readonly #following: readonly Following[];
  /** The agent that is trained in this browser; −1: none is. */
  readonly #trained: number;
  readonly #agents: ReturnType<typeof agentsOf>;
  readonly #kept: KeptAgents;
  readonly #shown = new ShownAgents();
  readonly #loading = new Map<number, Promise<void>>();
  #isTraining = false;
  /** Since the last look. */
  #changes = { agents: new Set<number>(), curves: new Set<number>() };
  // One after the other, as a thread answers.
  #last: Promise<unknown> = Promise.resolve();

  constructor(page: PageFile, fileOf: FileOf, trained?: TrainedAgent) {
    this.env = trained?.world ?? page.world;
    const isElsewhere = JSON.stringify(this.env) !== JSON.stringify(page.world);
    const agents = [...(isElsewhere ? [] : page.agents), ...(trained ? [trained.agent] : [])];
    this.#trained = trained ? agents.length - 1 : -1;
    this.played = agents.map(({ played }) => played);
    this.#following = agents.map(({ info, curve: { frames, reward, exact } }) => {
      const curve = { frames: [...frames], reward: [...reward], exact: [...exact], edition: 0 };
      return { info, curve };
    });
    const files: FileOf = async (name) => trained?.files[name] ?? fileOf(name);
    this.#agents = agentsOf({ world: this.env, agents }, files);
    this.#kept = new KeptAgents(this.#agents.kept);
  }

  get infos(): readonly AgentInfo[] {
    return this.#following.map(({ info }) => info);
  }

  /** Whether an agent is being trained in this browser. */
  get isTraining(): boolean {
    return this.#isTraining;
  }

  curve(agent: number) {
    return this.#following[agent]!.curve;
  }

  async look(): Promise<AgentChanges> {
    const { agents, curves } = this.#changes;
    this.#changes = { agents: new Set(), curves: new Set() };
    return { agents: [...agents], curves: [...curves] };
  }

  /** Takes news of the agent that is trained in this browser. */
  hear(news: TrainedNews['trained']): void {
    const agent = this.#trained;
    const following = this.#following[agent];
    if (!following) return;
    if ('point' in news) {
      addPoint(following.curve, news.point);
      this.#changes.curves.add(agent);
    } else if ('isTraining' in news) {
      this.#isTraining = news.isTraining;
    } else {
      void this.#inTurn(async () => {
        const loaded = await this.#agents.with(agent, news);
        const { checkpoint, frames, nac } = loaded;
        this.#shown.set(agent, loaded);
        this.#loading.set(agent, Promise.resolve());
        following.info = { ...following.info, checkpoint, frames, nac };
        this.#changes.agents.add(agent);
      });
    }
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
    if (name === 'open') return this.#open(request);
    return name === 'advance' ? this.#shown.advance(request) : this.#shown.close(request);
  }

  async #open(request: Parameters<ShownAgents['open']>[0]): Promise<unknown> {
    const { agent, checkpoint } = request;
    if (checkpoint !== this.#following[agent]!.info.checkpoint) {
      return this.#shown.open(request, [], await this.#kept.get(agent, checkpoint));
    }
    await this.#loaded(agent);
    return this.#shown.open(request);
  }

  #loaded(agent: number): Promise<void> {
    const load = async (): Promise<void> =>
      this.#shown.set(agent, await this.#agents.newest(agent));
    const known = this.#loading.get(agent) ?? load();
    this.#loading.set(agent, known);
    return known;
  }
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
