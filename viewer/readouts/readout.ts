import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element } from '../dom.ts';
import type { Track } from '../episode.ts';
import { LastSeen } from '../last-seen.ts';
import { explainButton } from '../panels/explainer.ts';
import type { ReadoutName, State } from '../state.ts';

/** One view of what an agent computes. */
export interface Readout {
  readonly root: HTMLElement;
  /** Shows it at the state's moment, in the agent's colour. */
  show(track: Track | undefined, agent: AgentInfo, state: State, colour: string): void;
}

export interface ReadoutFrame {
  readonly root: HTMLElement;
  /** Writes the title. @param short for where there is little room */
  showTitle(text: string, short: string): void;
  /** Writes the value below the title. @param short as above */
  showValue(text: string, short?: string): void;
  /** Replaces the explanation. */
  explain(text: string): void;
}

/**
 * The frame of a readout: a title, a value, a picture, and a button that explains it.
 * @param short the title where there is little room
 * @param explanation for somebody who has never seen one
 */
export function frameReadout(
  name: ReadoutName,
  { title, short, explanation }: Readonly<Record<'title' | 'short' | 'explanation', string>>,
  ...content: HTMLElement[]
): ReadoutFrame {
  const [label, value] = [element('span'), element('span', { class: 'value' })];
  const heading = element('h3', {}, label, value);
  let explained = explanation;
  const about = explainButton(title, () => explained);
  const attributes = { class: `readout ${name}`, 'data-readout': name };
  const root = element('section', attributes, heading, about, ...content);
  const [titles, values] = [new LastSeen(), new LastSeen()];
  const showTitle = (text: string, short: string) => {
    if (titles.differs(text)) label.replaceChildren(...wordings(text, short));
  };
  showTitle(title, short);
  return {
    root,
    showTitle,
    showValue(text, short = text) {
      if (values.differs(text)) value.replaceChildren(...wordings(text, short));
    },
    explain(text) {
      explained = text;
    },
  };
}

/** The same in more and in fewer words. The style sheet shows one of them. */
export const wordings = (long: string, short: string): HTMLElement[] => [
  element('span', { class: 'long', text: long }),
  element('span', { class: 'short', text: short }),
];
