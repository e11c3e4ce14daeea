import { element, setText } from '../dom.ts';

/** The frame of a thought: a title, a figure beside it, and the picture below. */
export interface BlockFrame {
  readonly root: HTMLElement;
  /** Says the figure beside the title. */
  say(figure: string): void;
}

/**
 * @param title its last word in parentheses is left out where there is little room
 * @param explains what it is, for somebody who never saw one; shown over the title on demand
 */
export function frameBlock(
  name: string,
  title: string,
  explains: string,
  ...content: HTMLElement[]
): BlockFrame {
  const figure = element('span', { class: 'figure' });
  const [, short, more] = /^(.*?)( \(.*\))?$/.exec(title)!;
  const said = element('span', { text: short }, element('span', { class: 'aside', text: more }));
  const heading = element('h3', { title: explains }, said, figure);
  const root = element(
    'section',
    { class: `block ${name}`, 'data-block': name },
    heading,
    ...content,
  );
  return { root, say: (text) => setText(figure, text) };
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
