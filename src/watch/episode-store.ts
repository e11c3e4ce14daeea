import type { WorkerClient } from '../common/worker-client.ts';
import { GROUP } from '../play/acting-agent.ts';
import type { RecordedStart } from '../play/episode-recorder.ts';
import type { EpisodeEnd, EpisodePlan } from '../play/episodes.ts';
import type { AgentsHandlers, OpenedEpisode } from './agents-worker.ts';
import { PictureStore } from './picture-store.ts';
import { Refusal } from './refusal.ts';
import type { StreamedEpisode } from './streamed-episode.ts';
import { type NewSteps, sizeOf, type WirePicture, type WrittenStep } from './written-step.ts';

/** Steps that an episode is played on before another one has its turn; fewer where many wait, so that all begin soon. */
const STRETCH = 32;
const SHORT_STRETCH = 8;
const MANY = 16;
/** Milliseconds that a page takes for a step at the fastest. */
const PACE = 1000 / 60;
/** Bytes of steps and pictures that are kept for further requests. */
const BUDGET = 256 * 2 ** 20;

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
  readonly #thread: WorkerClient<AgentsHandlers>;
  readonly #hooks: StoreHooks;
  readonly #budget: number;
  /** By what decides them, the longest unused first. */
  readonly #episodes = new Map<string, KeptEpisode>();
  readonly #queue = new Set<KeptEpisode>();
  readonly #pictures = new PictureStore();
  #stepBytes = 0;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(thread: WorkerClient<AgentsHandlers>, hooks: StoreHooks, budget = BUDGET) {
    this.#thread = thread;
    this.#hooks = hooks;
    this.#budget = budget;
  }

  /** Bytes held at present. */
  get size(): number {
    return this.#stepBytes + this.#pictures.size;
  }

  /** @throws Refusal where every episode in memory is being watched, and there is no room for another */
  get(agent: number, checkpoint: string, plan: EpisodePlan): StreamedEpisode {
    const { number, others, seed, policy, branch } = plan;
    const decisive = [agent, checkpoint, number, seed, policy, branch?.at, branch?.number, others];
    const key = JSON.stringify(decisive);
    let episode = this.#episodes.get(key);
    if (!episode) {
      this.#makeRoom();
      if (this.size > this.#budget) throw full();
      const which = { key, agent, checkpoint, plan };
      episode = new KeptEpisode(which, this.#pictures, (more) => this.#enqueue(more));
    }
    this.#episodes.delete(key);
    this.#episodes.set(key, episode);
    return episode;
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
    const waiting = [...this.#queue].sort((a, b) => a.due - b.due);
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
    for (const episode of group) episode.isPlaying = true;
    await Promise.all(group.map((episode) => this.#open(episode)));
    const open = group.filter(({ refusal }) => !refusal);
    try {
      const numbers = open.map(({ thread }) => thread!);
      const count = this.#queue.size > MANY ? SHORT_STRETCH : STRETCH;
      const news = open.length > 0 ? await this.#thread.ask('advance', { numbers, count }) : [];
      for (const [i, episode] of open.entries()) this.#add(episode, news[i]!);
    } catch (error) {
      for (const episode of open) await this.#refuse(episode, error);
    }
    for (const episode of group) {
      episode.isPlaying = false;
      if (episode.isWanted) this.#queue.add(episode);
    }
    this.#makeRoom();
    if (this.size <= 2 * this.#budget) return;
    for (const episode of group) if (!episode.end) await this.#refuse(episode, full());
  }

  async #open(episode: KeptEpisode): Promise<void> {
    if (episode.thread !== null) return;
    const { agent, checkpoint, plan } = episode.which;
    try {
      episode.begin(await this.#thread.ask('open', { agent, checkpoint, plan }));
    } catch (error) {
      await this.#refuse(episode, error);
    }
  }

  #add(episode: KeptEpisode, more: NewSteps): void {
    const { agent, checkpoint, plan } = episode.which;
    this.#stepBytes += episode.add(more);
    if (!more.end || plan.branch || plan.others) return;
    this.#hooks.onEnd(agent, checkpoint, plan, episode.start!.number, more.end);
  }

  async #refuse(episode: KeptEpisode, error: unknown): Promise<void> {
    if (episode.refusal) return;
    await this.#forget(episode);
    episode.refuse(Refusal.of(error));
  }

  /** Forgets episodes that nobody watches, the longest unused first, until the rest fits. */
  #makeRoom(): void {
    for (const episode of this.#episodes.values()) {
      if (this.size <= this.#budget) return;
      if (episode.isFollowed || episode.isPlaying || this.#queue.has(episode)) continue;
      void this.#forget(episode);
    }
  }

  async #forget(episode: KeptEpisode): Promise<void> {
    this.#episodes.delete(episode.which.key);
    this.#stepBytes -= episode.forget();
    if (episode.thread === null || episode.end) return;
    await this.#thread.ask('close', episode.thread).catch(() => {});
  }
}

const full = (): Refusal =>
  new Refusal('busy', 'the server has no room for another episode; try again later');

/** What decides an episode, and the text that names it. */
interface EpisodeKey {
  readonly key: string;
  readonly agent: number;
  readonly checkpoint: string;
  readonly plan: EpisodePlan;
}

/** An episode of an agent, played up to the last step that a page has requested. */
class KeptEpisode implements StreamedEpisode {
  readonly which: EpisodeKey;
  readonly steps: WrittenStep[] = [];
  readonly differsAt = null;
  start: RecordedStart | null = null;
  end: EpisodeEnd | null = null;
  refusal: Refusal | null = null;
  /** Whether the agents' thread is at it right now. */
  isPlaying = false;
  /** Its number in the agents' thread, once it has one. */
  thread: number | null = null;
  readonly #pictures: PictureStore;
  readonly #used: number[] = [];
  readonly #enqueue: (episode: KeptEpisode) => void;
  readonly #followers = new Set<() => void>();
  #wanted = -1;
  /** When its step 0 would have been due, for a page that came just in time to ask. */
  #origin = 0;
  #stepBytes = 0;

  constructor(which: EpisodeKey, pictures: PictureStore, enqueue: (one: KeptEpisode) => void) {
    this.which = which;
    this.#pictures = pictures;
    this.#enqueue = enqueue;
  }

  get checkpoint(): string {
    return this.which.checkpoint;
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** Whether somebody waits for more of it. */
  get isWanted(): boolean {
    if (!this.isFollowed || this.end || this.refusal) return false;
    return this.start === null || this.steps.length < this.#wanted;
  }

  /** When a page will need more than there is, in milliseconds. */
  get due(): number {
    return this.#origin + this.steps.length * PACE;
  }

  picture(number: number): Uint8Array {
    return this.#pictures.get(number);
  }

  want(horizon: number): void {
    if (!this.isWanted) this.#origin = performance.now() - this.steps.length * PACE;
    this.#wanted = Math.max(this.#wanted, horizon);
    if (this.isWanted) this.#enqueue(this);
  }

  follow(listener: () => void): void {
    this.#followers.add(listener);
  }

  unfollow(listener: () => void): void {
    this.#followers.delete(listener);
    // Without followers it is not played further; the next one says how much it wants.
    if (!this.isFollowed) this.#wanted = -1;
  }

  begin({ episode, start, pictures }: OpenedEpisode): void {
    this.thread = episode;
    this.start = start;
    this.#hold(pictures);
  }

  /** @returns bytes of the steps added */
  add({ steps, pictures, end }: NewSteps): number {
    let bytes = 0;
    this.#hold(pictures);
    for (const step of steps) {
      this.steps.push(step);
      bytes += sizeOf(step);
    }
    this.end = end;
    this.#stepBytes += bytes;
    this.#notify();
    return bytes;
  }

  refuse(refusal: Refusal): void {
    this.refusal = refusal;
    this.#notify();
  }

  /** Lets go of its pictures. @returns bytes of its steps */
  forget(): number {
    for (const number of this.#used) this.#pictures.release(number);
    return this.#stepBytes;
  }

  #hold(pictures: readonly WirePicture[]): void {
    for (const picture of pictures) {
      this.#pictures.hold(picture);
      this.#used.push(picture.hash);
    }
  }

  #notify(): void {
    for (const follower of [...this.#followers]) follower();
  }
}
