import { element, setText } from '../dom.ts';

/** The frame of a thought: a title, a figure beside it, and the picture below. */
export interface BlockFrame {
  readonly root: HTMLElement;
  /** Says the figure beside the title. */
  say(figure: string): void;
}

export function frameBlock(name: string, title: string, ...content: HTMLElement[]): BlockFrame {
  const figure = element('span', { class: 'figure' });
  const heading = element('h3', {}, element('span', { text: title }), figure);
  const root = element(
    'section',
    { class: `block ${name}`, 'data-block': name },
    heading,
    ...content,
  );
  return { root, say: (text) => setText(figure, text) };
}

/** The middle of a signed colour scale. */
export function groundOf(theme: 'light' | 'dark'): readonly [number, number, number] {
  return theme === 'dark' ? [42, 47, 52] : [240, 240, 236];
}
