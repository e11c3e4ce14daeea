import { FIGURE_CONFIG } from '../render/number-figure.ts';

/** What every figure of a report begins with, in Vega-Lite's language. */
export const FIGURE_FRAME = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'white',
  padding: 16,
  config: FIGURE_CONFIG,
} as const;

/** Where its title stands. */
export const TITLE_PLACE = { anchor: 'start', offset: 14 } as const;
