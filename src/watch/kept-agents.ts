import type { ActingAgent } from '../play/acting-agent.ts';

/** Agents as they were kept that are loaded at once: of each of four, the one on screen and the next. */
const MOST_LOADED = 8;

/** Agents as their runs have kept them, loaded when they play. */
export class KeptAgents {
  /** By agent and checkpoint, the longest unused first. */
  readonly #loaded = new Map<string, Promise<ActingAgent | undefined>>();
  readonly #load: (agent: number, checkpoint: string) => Promise<ActingAgent | undefined>;

  /** @param load loads an agent as it was kept; undefined where it was not */
  constructor(load: (agent: number, checkpoint: string) => Promise<ActingAgent | undefined>) {
    this.#load = load;
  }

  /** An agent as it was kept; undefined where it was not. */
  get(agent: number, checkpoint: string): Promise<ActingAgent | undefined> {
    const key = `${agent} ${checkpoint}`;
    const loaded = this.#loaded.get(key) ?? this.#load(agent, checkpoint);
    this.#loaded.delete(key);
    this.#loaded.set(key, loaded);
    loaded.catch(() => this.#loaded.delete(key));
    for (const oldest of this.#loaded.keys()) {
      if (this.#loaded.size <= MOST_LOADED) break;
      this.#loaded.delete(oldest);
    }
    return loaded;
  }
}
