import type { PathwayName } from '../config.ts';
import { baseline } from './baseline.ts';
import { nac } from './nac.ts';
import { nacClock } from './nac-clock.ts';
import { nacStateless } from './nac-stateless.ts';
import type { PathwayFactory } from './pathway.ts';

export const pathways: Record<PathwayName, PathwayFactory> = {
  baseline,
  nac,
  'nac-stateless': nacStateless,
  'nac-clock': nacClock,
};
