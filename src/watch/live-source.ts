import { type Env, make } from '../../env/index.ts';
import { defaultNumbers } from '../evaluate/default-numbers.ts';
import { GROUP } from '../play/acting-agent.ts';
import type { EpisodeEnd, EpisodePlan, Policy } from '../play/episodes.ts';
import { WorldEpisode } from '../play/world-episode.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import { ChartRows } from './chart-rows.ts';
import {
  describeWorld,
  type EpisodeSource,
  type SourceNews,
  type TrainingCurve,
} from './episode-source.ts';
import { EpisodeStore, type StoreHooks } from './episode-store.ts';
import type { NumberRows } from './number-rows.ts';
import type { OutcomeRows } from './outcome-rows.ts';
import type { AgentInfo, HadSteps, RewardRow, StudyText, WorldInfo } from './protocol.ts';
import { Refusal, requireAgent } from './refusal.ts';
import type { AgentsThread } from './shown-agents.ts';
import type { StreamedEpisode } from './streamed-episode.ts';

/** What has changed since the last look: agents by position. */
export interface AgentChanges {
  /** A training has begun, or has another checkpoint. */
  readonly agents: readonly number[];
  readonly curves: readonly number[];
}

/** The agents that are shown, followed as they train. */
export interface FollowedAgents {
  /** Their world. */
  readonly env: WorldChoice;
  /** In their order, which stays as it is. */
  readonly infos: readonly AgentInfo[];
  curve(agent: number): TrainingCurve;
  /** Looks whether anything has changed. */
  look(): Promise<AgentChanges>;
}

export interface LiveOptions {
  /** Episodes at each number that are played for the chart while no page waits for anything. */
  readonly backgroundEpisodes: number;
  /** Milliseconds between two looks at the agents. */
  readonly lookEvery: number;
  /** Whether nothing is played for the chart unless a page is open, because a training needs the cores. */
  readonly whileTraining: boolean;
  /** Episodes that count in the charts from the start, by agent. */
  readonly played?: readonly (readonly PlayedBefore[])[];
  /** Bytes of episodes kept in memory. */
  readonly budget?: number;
}

/** An episode that was played before, without a branch and told nothing but its number. */
export interface PlayedBefore {
  readonly seed: number;
  readonly policy: Policy;
  readonly number: number;
  readonly end: EpisodeEnd;
}

/** Steps of background episodes that are played before a page may have its turn. */
const BACKGROUND_STRETCH = 8;

interface BackgroundEpisode {
  readonly agent: number;
  readonly checkpoint: string;
  readonly plan: EpisodePlan;
  /** Its number in the agents' thread. */
  readonly episode: number;
}

/** Trained agents, and agents in training. */
export class LiveSource implements EpisodeSource {
  readonly world: WorldInfo;
  readonly replay = null;
  readonly #runs: FollowedAgents;
  readonly #thread: AgentsThread;
  readonly #store: EpisodeStore;
  /** A world that says which numbers it would refuse. */
  readonly #probe: Env;
  readonly #listeners: ((news: SourceNews) => void)[] = [];
  #scores: { readonly checkpoint: string | null; readonly scores: ChartRows }[] = [];
  #background: readonly BackgroundEpisode[] = [];
  readonly #numbers: readonly number[];
  readonly #options: LiveOptions;
  #study: StudyText | undefined;
  #pages: readonly Policy[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> = Promise.resolve();

  /** @param thread where the agents play; it is closed with this source */
  constructor(runs: FollowedAgents, thread: AgentsThread, options: LiveOptions) {
    this.#runs = runs;
    this.#thread = thread;
    const { id, options: envOptions } = runs.env;
    this.#probe = make(id, envOptions);
    this.world = describeWorld(this.#probe);
    this.#numbers = this.world.number ? defaultNumbers(this.world.number.trained) : [];
    this.#options = options;
    const onEnd: StoreHooks['onEnd'] = (...ended) => this.#count(...ended);
    const hooks = { onEnd, whenIdle: () => this.#playInBackground() };
    this.#store = new EpisodeStore(thread, hooks, options.budget);
    this.#renewScores();
    for (const [agent, played] of (options.played ?? []).entries()) {
      for (const { number, end, ...plan } of played) {
        this.#scores[agent]!.scores.add({ ...plan, number }, number, end);
      }
    }
    this.#store.wake();
    this.#lookAgain(options.lookEvery);
  }

  get agents(): readonly AgentInfo[] {
    return this.#runs.infos;
  }

  get study(): StudyText | undefined {
    return this.#study;
  }

  /** Tells every page how the study stands. */
  showStudy(study: StudyText): void {
    this.#study = study;
    this.#notify('study');
  }

  /** Bytes of episodes in memory. */
  get heldBytes(): number {
    return this.#store.size;
  }

  makeWorld(): Env {
    const { id, options } = this.#runs.env;
    return make(id, options);
  }

  open(agent: number, plan: EpisodePlan, had?: HadSteps, frames?: number): StreamedEpisode {
    const info = requireAgent(this.agents, agent);
    if (info.checkpoint === null) {
      throw new Refusal('busy', `${info.name} has no checkpoint yet; ask again when it has`);
    }
    for (const number of [plan.number, plan.branch?.number ?? null]) {
      if (number === null && !plan.others) continue;
      new WorldEpisode(this.#probe, { seed: '0', number, others: plan.others });
    }
    const checkpoint = frames === undefined ? info.checkpoint : this.#keptOf(info, frames);
    const from = had?.checkpoint === checkpoint ? had.steps : 0;
    return this.#store.get(agent, checkpoint ?? info.checkpoint, plan, from);
  }

  /** What an agent has kept up to some frames, or as its first; null where it has kept nothing. @throws Refusal where no agent has kept any at these frames */
  #keptOf({ kept = [] }: AgentInfo, frames: number): string | null {
    const all = new Set(this.agents.flatMap((one) => (one.kept ?? []).map((some) => some.frames)));
    if (!all.has(frames)) {
      const known = [...all].sort((one, other) => one - other).join(', ');
      throw new Refusal(
        'out-of-range',
        `no agent has kept a checkpoint at ${frames} frames; ${known === '' ? 'none has kept any: train with --keep' : `there are some at ${known}`}`,
      );
    }
    return (kept.findLast((one) => one.frames <= frames) ?? kept[0])?.checkpoint ?? null;
  }

  rows(agent: number, policy: Policy): NumberRows<RewardRow> {
    return this.#scores[agent]!.scores.rows(policy);
  }

  outcomes(agent: number, policy: Policy): OutcomeRows {
    return this.#scores[agent]!.scores.outcomes(policy);
  }

  curve(agent: number): TrainingCurve {
    return this.#runs.curve(agent);
  }

  onNews(listener: (news: SourceNews) => void): void {
    this.#listeners.push(listener);
  }

  attend(pages: readonly Policy[]): void {
    this.#pages = pages;
    if (pages.length > 0) this.#store.wake();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
    await this.#store.close();
    await this.#thread.close();
  }

  #lookAgain(after: number): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().then(() => {
        if (this.#timer) this.#lookAgain(after);
      });
    }, after);
  }

  async #look(): Promise<void> {
    const { agents, curves } = await this.#runs.look();
    if (agents.length > 0) {
      this.#renewScores();
      this.#notify('agents');
      for (const agent of agents) this.#notify({ rows: agent });
      this.#store.wake();
    }
    for (const agent of curves) this.#notify({ curve: agent });
  }

  /** Episodes of an earlier checkpoint do not count for a later one. */
  #renewScores(): void {
    this.#scores = this.agents.map(({ checkpoint }, agent) => {
      const before = this.#scores[agent];
      return before?.checkpoint === checkpoint ? before : { checkpoint, scores: new ChartRows() };
    });
  }

  #count(...[agent, checkpoint, plan, number, end]: Parameters<StoreHooks['onEnd']>): void {
    const known = this.#scores[agent]!;
    if (known.checkpoint !== checkpoint || number === null) return;
    if (known.scores.add(plan, number, end)) this.#notify({ rows: agent });
  }

  /** Plays some steps of episodes that are missing in the chart. @returns whether there were any */
  async #playInBackground(): Promise<boolean> {
    if (this.#options.whileTraining && this.#pages.length === 0) return false;
    if (this.#background.length === 0) this.#background = await this.#openInBackground();
    const going = this.#background;
    if (going.length === 0) return false;
    this.#background = [];
    try {
      const numbers = going.map(({ episode }) => episode);
      const news = await this.#thread.ask('advance', { numbers, count: BACKGROUND_STRETCH });
      for (const [i, { agent, checkpoint, plan }] of going.entries()) {
        const { end } = news[i]!;
        if (end) this.#count(agent, checkpoint, plan, plan.number, end);
      }
      this.#background = going.filter((_, i) => !news[i]!.end && !news[i]!.error);
      return news.every(({ error }) => !error);
    } catch {
      return false; // a page that requests one of these episodes gets the reason
    }
  }

  async #openInBackground(): Promise<BackgroundEpisode[]> {
    const opened: BackgroundEpisode[] = [];
    for (const { agent, checkpoint, plan } of this.#lacking()) {
      try {
        const { episode } = await this.#thread.ask('open', { agent, checkpoint, plan });
        opened.push({ agent, checkpoint, plan, episode });
      } catch {
        break; // it has a newer checkpoint: news follows
      }
    }
    return opened;
  }

  /** The first episodes that are missing in the charts on screen: of one agent, and at most as many as are played together. */
  #lacking(): Omit<BackgroundEpisode, 'episode'>[] {
    const lacking: Omit<BackgroundEpisode, 'episode'>[] = [];
    for (const plan of this.#plans()) {
      for (const [agent, { checkpoint }] of this.agents.entries()) {
        if (checkpoint === null || agent !== (lacking[0]?.agent ?? agent)) continue;
        if (this.#scores[agent]!.scores.has(plan.number, plan.seed, plan.policy)) continue;
        lacking.push({ agent, checkpoint, plan });
        if (lacking.length === GROUP) return lacking;
      }
    }
    return lacking;
  }

  /** The episodes of the charts on screen, the most important first. */
  *#plans(): Generator<EpisodePlan & { readonly number: number }> {
    const watched = (['greedy', 'sample'] as const).filter((one) => this.#pages.includes(one));
    const policies = watched.length > 0 ? watched : (['greedy'] as const);
    for (let seed = 0; seed < this.#options.backgroundEpisodes; seed++) {
      for (const policy of policies) {
        for (const number of this.#numbers) yield { number, seed, policy };
      }
    }
  }

  #notify(news: SourceNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
