import type { WorldChoice } from '../plugins/worlds.ts';

/** `TimedGrid-v0 pixels=112`: a world and the options that were given. */
export const nameOfWorld = ({ id, options }: Pick<WorldChoice, 'id' | 'options'>): string =>
  [
    id,
    ...Object.entries(options).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ].join(' ');
