import type { NodeKind, UpdatePart } from '../bench/break-down.ts';
import type { Rated, RatedProgramsResult } from '../bench/computing-rate.ts';
import type { Phase } from '../bench/training-at-work.ts';
import { nameOfWorld } from '../bench/world-name.ts';
import { formatNumber, formatPercent } from '../common/format.ts';
import { columns } from './align-columns.ts';

/** Kinds of node that get a line of their own. */
const KINDS = 12;

/** What phases take that is no program. */
const RESTS = {
  acting: 'rest of acting',
  learning: 'rest of learning',
  optimising: 'optimiser',
} as const satisfies Record<Phase, string>;

/** Where the time of an update goes, for people: two tables, or one where nodes were not timed. */
export function programTables(result: RatedProgramsResult): string {
  const { nodeKinds } = result;
  const kinds = nodeKinds ? nodeTable(nodeKinds) : untimed(result);
  return `${programTable(result)}\n\n${kinds}`;
}

function programTable(result: RatedProgramsResult): string {
  const { preset, engine, world, worlds, steps, updates, programs, whole } = result;
  return [
    `An update in one thread, preset ${preset}, engine ${engine}, ${nameOfWorld(world)}, ${worlds} × ${steps} frames (means of the middle ${updates.counted} of ${updates.measured}).`,
    "Dispatch is what calls take beyond their nodes' own time, in ms; the last column is the share of the yardstick's rate:",
    ...columns([
      ['program', 'ms', 'calls', 'ms a call', 'dispatch', 'nodes', 'GFLOP', 'GFLOP/s', 'yardstick'],
      ...programs.map((part) => [part.name, ...cells(part)]),
      ...result.others.map(({ phase, milliseconds }) => [
        RESTS[phase],
        ...[formatMilliseconds(milliseconds), '', '', '', '', '', '', ''],
      ]),
      ['sum', ...cells(whole, '')],
    ]),
  ].join('\n');
}

function cells(
  { milliseconds, calls, dispatchMilliseconds, nodes, gflop, rate }: Rated<UpdatePart>,
  each = formatMilliseconds(milliseconds / calls),
): string[] {
  return [
    formatMilliseconds(milliseconds),
    formatNumber(calls, Number.isInteger(calls) ? 0 : 1),
    each,
    dispatchMilliseconds === null ? '–' : formatMilliseconds(dispatchMilliseconds),
    nodes === null ? '–' : `${Math.round(nodes)}`,
    formatNumber(gflop, 3),
    rate ? formatNumber(rate.gflopPerSecond, 1) : '–',
    rate ? formatPercent(rate.yardstickShare) : '–',
  ];
}

function nodeTable(kinds: readonly NodeKind[]): string {
  const total = sum(kinds);
  const line = (
    name: string,
    { nodes, milliseconds }: Pick<NodeKind, 'nodes' | 'milliseconds'>,
  ) => [
    name,
    `${Math.round(nodes)}`,
    formatMilliseconds(milliseconds),
    formatPercent(total.milliseconds > 0 ? milliseconds / total.milliseconds : 0),
  ];
  const rest = kinds.slice(KINDS);
  return [
    'Its nodes by kind, timed by ONNX Runtime in updates of their own, as timing slows them down:',
    ...columns([
      ['kind', 'nodes', 'ms', 'share'],
      ...kinds.slice(0, KINDS).map((kind) => line(kind.op, kind)),
      ...(rest.length > 0 ? [line(`${rest.length} others`, sum(rest))] : []),
      line('sum', total),
    ]),
  ].join('\n');
}

const untimed = ({ engine }: RatedProgramsResult): string =>
  `The engine ${engine} does not time nodes, so dispatch and kinds of node are not known; onnx does.`;

const sum = (kinds: readonly NodeKind[]) => ({
  nodes: kinds.reduce((total, { nodes }) => total + nodes, 0),
  milliseconds: kinds.reduce((total, { milliseconds }) => total + milliseconds, 0),
});

const formatMilliseconds = (value: number): string => formatNumber(value, 2);
