import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element } from '../dom.ts';
import type { Track } from '../episode.ts';
import type { ReadoutName, State } from '../state.ts';

/** One view of what an agent computes. */
export interface Readout {
  readonly root: HTMLElement;
  /** Shows it at the state's moment, in the agent's colour. */
  show(track: Track | undefined, agent: AgentInfo, state: State, colour: string): void;
}

export interface ReadoutFrame {
  readonly root: HTMLElement;
  /** Writes the value below the title. @param short for where there is little room */
  showValue(text: string, short?: string): void;
}

/**
 * The frame of a readout: a title, a value and a picture.
 * @param short the title where there is little room
 * @param explanation for somebody who has never seen one; shown when the pointer rests on the title
 */
export function frameReadout(
  name: ReadoutName,
  { title, short, explanation }: Readonly<Record<'title' | 'short' | 'explanation', string>>,
  ...content: HTMLElement[]
): ReadoutFrame {
  const value = element('span', { class: 'value' });
  const label = element('span', {}, ...wordings(title, short));
  const heading = element('h3', { title: explanation }, label, value);
  const attributes = { class: `readout ${name}`, 'data-readout': name };
  const root = element('section', attributes, heading, ...content);
  let shown = '';
  return {
    root,
    showValue(text, short = text) {
      if (text === shown) return;
      shown = text;
      value.replaceChildren(...wordings(text, short));
    },
  };
}

/** The same in more and in fewer words. The style sheet shows one of them. */
export const wordings = (long: string, short: string): HTMLElement[] => [
  element('span', { class: 'long', text: long }),
  element('span', { class: 'short', text: short }),
];
