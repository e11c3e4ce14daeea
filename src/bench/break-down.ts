import { middle } from './measure.ts';
import { addNodes, type NodeTimes, type ProgramNodeTimes } from './node-times.ts';
import type { ProgramUse } from './program-meter.ts';
import { PHASES, type Phase } from './training-at-work.ts';

/** A phase of one update, and what it made of each program. */
export interface PhaseTimes {
  readonly phase: Phase;
  readonly milliseconds: number;
  readonly uses: ReadonlyMap<string, ProgramUse>;
}

/** One update. */
export type UpdateTimes = readonly PhaseTimes[];

/** A part of an update; all figures are per update. */
export interface UpdatePart {
  readonly calls: number;
  readonly milliseconds: number;
  /** What calls take beyond their nodes' own time; null where nodes were not timed. */
  readonly dispatchMilliseconds: number | null;
  /** Nodes that run; null where they were not timed. */
  readonly nodes: number | null;
  /** Thousand millions of floating-point operations. */
  readonly gflop: number;
}

export interface ProgramPart extends UpdatePart {
  readonly name: string;
}

/** Nodes of one operation over all programs, per update. */
export interface NodeKind extends NodeTimes {
  readonly op: string;
}

/** Where the time of an update goes. */
export interface Breakdown {
  /** Updates that were measured, and how many of them count: the middle ones by their time. */
  readonly updates: { readonly measured: number; readonly counted: number };
  /** By their time, longest first. */
  readonly programs: readonly ProgramPart[];
  /** What each phase takes besides its programs: the worlds, finding equal frames, gathering, drawing actions. */
  readonly others: readonly { readonly phase: Phase; readonly milliseconds: number }[];
  readonly whole: UpdatePart;
  /** By their time, longest first; null where nodes were not timed. */
  readonly nodeKinds: readonly NodeKind[] | null;
}

/**
 * The means of the middle updates.
 * @param profiles what the nodes of each program take in an update, by its name; null where they were not timed
 */
export function breakDown(
  updates: readonly UpdateTimes[],
  profiles: ReadonlyMap<string, ProgramNodeTimes> | null,
): Breakdown {
  const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
    items.reduce((total, item) => total + value(item), 0);
  const timeOf = (phases: UpdateTimes): number => sum(phases, ({ milliseconds }) => milliseconds);
  const counted = middle(updates.toSorted((a, b) => timeOf(a) - timeOf(b)));
  const mean = (value: (phase: PhaseTimes) => number): number =>
    sum(counted.flat(), value) / counted.length;
  const kinds = new Map<string, NodeTimes>();
  const partOf = (name: string): ProgramPart => {
    const of = (key: keyof ProgramUse): number => mean(({ uses }) => uses.get(name)?.[key] ?? 0);
    const nodes = nodesOf(profiles?.get(name), kinds);
    const milliseconds = of('milliseconds');
    return {
      ...{ name, calls: of('calls'), milliseconds, gflop: of('flops') / 1e9 },
      dispatchMilliseconds: nodes && milliseconds - nodes.milliseconds,
      nodes: nodes?.nodes ?? null,
    };
  };
  const names = new Set(counted.flat().flatMap(({ uses }) => [...uses.keys()]));
  const programs = [...names].map(partOf).toSorted((a, b) => b.milliseconds - a.milliseconds);
  const total = (key: keyof UpdatePart): number => sum(programs, (part) => part[key] ?? 0);
  const others = PHASES.map((phase) => ({
    phase,
    milliseconds: mean((one) => (one.phase === phase ? timeBesides(one) : 0)),
  }));
  return {
    updates: { measured: updates.length, counted: counted.length },
    programs,
    others,
    whole: {
      ...{ calls: total('calls'), gflop: total('gflop') },
      milliseconds: mean(({ milliseconds }) => milliseconds),
      dispatchMilliseconds: profiles && total('dispatchMilliseconds'),
      nodes: profiles && total('nodes'),
    },
    nodeKinds:
      profiles &&
      [...kinds]
        .map(([op, times]) => ({ op, ...times }))
        .toSorted((a, b) => b.milliseconds - a.milliseconds),
  };
}

/** What a phase takes besides its programs. */
const timeBesides = ({ milliseconds, uses }: PhaseTimes): number =>
  [...uses.values()].reduce((rest, program) => rest - program.milliseconds, milliseconds);

/** The nodes of a program, which are also added to `kinds`; null where they were not timed. */
function nodesOf(
  profile: ProgramNodeTimes | undefined,
  kinds: Map<string, NodeTimes>,
): NodeTimes | null {
  if (!profile) return null;
  let [nodes, milliseconds] = [0, 0];
  for (const [op, times] of profile) {
    addNodes(kinds, op, times);
    nodes += times.nodes;
    milliseconds += times.milliseconds;
  }
  return { nodes, milliseconds };
}
