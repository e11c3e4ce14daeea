import { fromErrorData } from '../common/thread-error.ts';
import { GROUP } from '../play/acting-agent.ts';
import type { EpisodeEnd, EpisodePlan } from '../play/episodes.ts';
import { KeptEpisode } from './kept-episode.ts';
import { PictureStore } from './picture-store.ts';
import { Refusal } from './refusal.ts';
import type { AgentsThread } from './shown-agents.ts';
import type { StreamedEpisode } from './streamed-episode.ts';
import type { NewSteps } from './written-step.ts';

/** Steps that an episode is played on before another one has its turn; fewer where many wait, so that all begin soon. */
const STRETCH = 32;
const SHORT_STRETCH = 8;
const MANY = 16;
/** Bytes of episodes that are kept, for those who follow them and for further requests. */
const BUDGET = 32 * 2 ** 20;
/** Unfinished episodes that nobody follows and that are kept nevertheless: a page that lost its connection comes back soon. */
const MOST_PAUSED = 8;

export interface StoreHooks {
  /** An episode that was told nothing but perhaps the main number has been played to its end, without a branch. @param number the one told, if any */
  onEnd(
    agent: number,
    checkpoint: string,
    plan: EpisodePlan,
    number: number | null,
    end: EpisodeEnd,
  ): void;
  /** Called whenever no page waits for anything: does a little work, and says whether there was any. */
  whenIdle(): Promise<boolean>;
}

/** Plays each requested episode once, the most urgent first, and keeps it while there is room. */
export class EpisodeStore {
  readonly #thread: AgentsThread;
  readonly #hooks: StoreHooks;
  readonly #budget: number;
  /** By what decides them, the longest unused first. */
  readonly #episodes = new Map<string, KeptEpisode>();
  readonly #queue = new Set<KeptEpisode>();
  /** Those that are not over and that nobody follows. */
  readonly #paused = new Set<KeptEpisode>();
  readonly #pictures = new PictureStore();
  /** Bytes of episodes, their pictures aside. */
  #bytes = 0;
  #setAsides = 0;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(thread: AgentsThread, hooks: StoreHooks, budget = BUDGET) {
    this.#thread = thread;
    this.#hooks = hooks;
    this.#budget = budget;
  }

  /** Bytes held at present. */
  get size(): number {
    return this.#bytes + this.#pictures.size;
  }

  /** Episodes that the agents' thread holds. */
  get live(): number {
    let count = 0;
    for (const { isLive, thread } of this.#episodes.values())
      if (isLive && thread !== null) count++;
    return count;
  }

  /**
   * @param from steps that whoever asks has already
   * @throws Refusal where there is no room for another episode
   */
  get(agent: number, checkpoint: string, plan: EpisodePlan, from = 0): StreamedEpisode {
    const { number, others, seed, policy, branch } = plan;
    const decisive = [agent, checkpoint, number, seed, policy, branch?.at, branch?.number, others];
    const key = JSON.stringify(decisive);
    let episode = this.#episodes.get(key);
    if (episode && episode.gone > from) {
      this.#setAside(episode);
      episode = undefined;
    }
    if (!episode) {
      this.#makeRoom();
      if (this.size > this.#budget) throw full();
      const which = { agent, checkpoint, plan };
      episode = new KeptEpisode(key, which, this.#pictures, {
        onWanted: (more) => this.#enqueue(more),
        onFollowed: (one) => this.#pause(one),
      });
    }
    this.#episodes.delete(key);
    this.#episodes.set(key, episode);
    this.#count(episode);
    return episode;
  }

  /** Leaves an episode whose beginning is gone to those who follow it. */
  #setAside(episode: KeptEpisode): void {
    this.#episodes.delete(episode.key);
    if (episode.isFollowed || episode.isPlaying) {
      this.#setAsides += 1;
      episode.key += ` ${this.#setAsides}`;
      this.#episodes.set(episode.key, episode);
    } else {
      this.#forget(episode);
    }
  }

  /** Lets `whenIdle` be asked again. */
  wake(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      // Episodes that were requested since the last look.
      if (this.#queue.size > 0 && !this.#closed) this.wake();
    });
  }

  /** Finishes what is under way and plays nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  #enqueue(episode: KeptEpisode): void {
    this.#queue.add(episode);
    this.wake();
  }

  async #work(): Promise<void> {
    while (!this.#closed) {
      const group = this.#nextGroup();
      // The thread plays the second group while this one sends the steps of the first.
      if (group.length > 0) await Promise.all([this.#play(group), this.#play(this.#nextGroup())]);
      else if (!(await this.#hooks.whenIdle())) return;
    }
  }

  /** Takes from the queue the most urgent episode and others of the same agent. */
  #nextGroup(): KeptEpisode[] {
    for (const episode of this.#queue) if (!episode.isWanted) this.#queue.delete(episode);
    const ranks = new Map([...this.#queue].map((episode) => [episode, episode.rank]));
    const waiting = [...this.#queue].sort((a, b) => ranks.get(a)! - ranks.get(b)!);
    const first = waiting[0];
    const group = waiting
      .filter(
        ({ which: { agent, checkpoint } }) =>
          agent === first!.which.agent && checkpoint === first!.which.checkpoint,
      )
      .slice(0, GROUP);
    for (const episode of group) this.#queue.delete(episode);
    return group;
  }

  /** Plays episodes of one agent on, and puts those back of which more is wanted. */
  async #play(group: readonly KeptEpisode[]): Promise<void> {
    const count = this.#queue.size > MANY ? SHORT_STRETCH : STRETCH;
    for (const episode of group) {
      episode.isPlaying = true;
      episode.charge(count);
    }
    await Promise.all(group.map((episode) => this.#open(episode)));
    const open = group.filter(({ refusal, isFollowed }) => !refusal && isFollowed);
    try {
      const numbers = open.map(({ thread }) => thread!);
      const news = open.length > 0 ? await this.#thread.ask('advance', { numbers, count }) : [];
      for (const [i, episode] of open.entries()) this.#add(episode, news[i]!);
    } catch (error) {
      for (const episode of open) this.#refuse(episode, error);
    }
    for (const episode of group) {
      episode.isPlaying = false;
      if (episode.isWanted) this.#queue.add(episode);
      this.#pause(episode);
    }
    this.#makeRoom();
  }

  async #open(episode: KeptEpisode): Promise<void> {
    if (episode.thread !== null) return;
    const { agent, checkpoint, plan } = episode.which;
    try {
      episode.begin(await this.#thread.ask('open', { agent, checkpoint, plan }));
      this.#count(episode);
    } catch (error) {
      this.#refuse(episode, error);
    }
  }

  #add(episode: KeptEpisode, more: NewSteps): void {
    const { agent, checkpoint, plan } = episode.which;
    episode.add(more);
    this.#count(episode);
    if (more.error) this.#refuse(episode, fromErrorData(more.error));
    if (!more.end || plan.branch || plan.others) return;
    this.#hooks.onEnd(agent, checkpoint, plan, episode.start!.number, more.end);
  }

  #refuse(episode: KeptEpisode, error: unknown): void {
    if (episode.refusal) return;
    this.#forget(episode);
    episode.refuse(Refusal.of(error));
  }

  /** Stops an episode that nobody follows any more, unless it is one of the last few. */
  #pause(episode: KeptEpisode): void {
    this.#paused.delete(episode);
    if (episode.isFollowed || !episode.isLive) return;
    this.#paused.add(episode);
    for (const oldest of this.#paused) {
      if (this.#paused.size <= MOST_PAUSED) return;
      // One that is being played comes here again afterwards.
      if (oldest.isPlaying) this.#paused.delete(oldest);
      else this.#forget(oldest);
    }
  }

  /**
   * Until the rest fits, forgets episodes that nobody follows, the longest unused first; then steps that everybody who waits for later
   * ones has; and then episodes of whoever holds most.
   */
  #makeRoom(): void {
    for (const episode of this.#episodes.values()) {
      if (this.size <= this.#budget) return;
      if (!episode.isFollowed && !episode.isPlaying) this.#forget(episode);
    }
    for (const episode of this.#episodes.values()) {
      if (this.size <= this.#budget) return;
      episode.trim();
      this.#count(episode);
    }
    while (this.size > this.#budget) {
      const episode = this.#greatest();
      if (!episode) return;
      this.#refuse(episode, full());
    }
  }

  /** The greatest episode of the client that holds most, unless the agents' thread is at it. */
  #greatest(): KeptEpisode | undefined {
    let greatest: KeptEpisode | undefined;
    for (const episode of this.#episodes.values()) {
      if (episode.isPlaying) continue;
      const by = greatest ? episode.mostHeld - greatest.mostHeld : 1;
      if (by > 0 || (by === 0 && episode.counted > greatest!.counted)) greatest = episode;
    }
    return greatest;
  }

  #forget(episode: KeptEpisode): void {
    this.#episodes.delete(episode.key);
    this.#queue.delete(episode);
    this.#paused.delete(episode);
    episode.releasePictures();
    this.#count(episode);
    if (episode.thread === null || episode.end) return;
    void this.#thread.ask('close', episode.thread).catch(() => {});
  }

  /** Counts what an episode takes now. */
  #count(episode: KeptEpisode): void {
    const isHeld = this.#episodes.get(episode.key) === episode;
    this.#bytes += episode.count(isHeld);
  }
}

const full = (): Refusal =>
  new Refusal('busy', 'the server has no room for another episode; try again later');
