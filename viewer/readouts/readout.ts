import type { AgentInfo } from '../../src/watch/protocol.ts';
import type { Track } from '../episode.ts';
import type { State } from '../state.ts';

/** One aspect of what an agent thinks. */
export interface Readout {
  readonly root: HTMLElement;
  /** Shows it at the state's moment, in the agent's colour. */
  show(track: Track | undefined, agent: AgentInfo, state: State, colour: string): void;
}
