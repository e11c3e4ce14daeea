import type { Cell } from './cell.ts';
import { inalu } from './inalu.ts';
import { nacCell } from './nac.ts';
import { naluCell } from './nalu.ts';
import { nau } from './nau.ts';
import { nmru } from './nmru.ts';
import { nmu } from './nmu.ts';
import { npu } from './npu.ts';

/** Every arithmetic cell of this package. */
export const cells: readonly Cell[] = [
  nacCell,
  naluCell('one'),
  naluCell('two'),
  nau,
  nmu,
  nmru,
  inalu,
  npu,
];
