import { element, setText } from '../dom.ts';

/** The frame of a readout: a title, a figure beside it, and the picture below. */
export interface ReadoutFrame {
  readonly root: HTMLElement;
  /** Says the figure beside the title. */
  showFigure(figure: string): void;
}

/**
 * @param title its last word in parentheses is left out where there is little room
 * @param explains what it is, for somebody who never saw one; shown over the title on demand
 */
export function frameReadout(
  name: string,
  title: string,
  explains: string,
  ...content: HTMLElement[]
): ReadoutFrame {
  const figure = element('span', { class: 'figure' });
  const [, short, more] = /^(.*?)( \(.*\))?$/.exec(title)!;
  const said = element('span', { text: short }, element('span', { class: 'aside', text: more }));
  const heading = element('h3', { title: explains }, said, figure);
  const root = element(
    'section',
    { class: `readout ${name}`, 'data-readout': name },
    heading,
    ...content,
  );
  return { root, showFigure: (text) => setText(figure, text) };
}

/** What the colours from −1 to 1 mean. */
export function signedScale(): HTMLElement {
  return element(
    'p',
    { class: 'scale', 'aria-hidden': 'true' },
    element('span', { text: '−1' }),
    element('i'),
    element('span', { text: '1' }),
  );
}
