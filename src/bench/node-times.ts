import { middle } from './measure.ts';

/** Nodes of one operation: how many ran, and what they took. */
export interface NodeTimes {
  readonly nodes: number;
  readonly milliseconds: number;
}

/** What the nodes of a program take in an update, by operation. */
export type ProgramNodeTimes = ReadonlyMap<string, NodeTimes>;

/** The part of an event of ONNX Runtime's profile that is read; `dur` is in whole microseconds, rounded down. */
export interface ProfileEvent {
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

const KERNEL = '_kernel_time';
const END_OF_RUN = 'model_run';

/** One run of a program, and its nodes by operation. */
export interface ProfiledRun {
  readonly program: string;
  readonly kinds: ReadonlyMap<string, NodeTimes>;
}

/**
 * The runs of one session, as ONNX Runtime's profile has them.
 * @param events in the order in which they ended: those of a run's nodes before the run itself
 */
export function profiledRuns(program: string, events: readonly ProfileEvent[]): ProfiledRun[] {
  const runs: ProfiledRun[] = [];
  let kinds = new Map<string, NodeTimes>();
  for (const { name, dur, args } of events) {
    if (name.endsWith(KERNEL)) {
      addNodes(kinds, args?.op_name ?? 'unknown', { nodes: 1, milliseconds: dur / 1000 });
    } else if (name === END_OF_RUN) {
      runs.push({ program, kinds });
      kinds = new Map();
    }
  }
  return runs;
}

/**
 * What the nodes of each program take in an update, by its name: the mean of the middle ones. It is not taken call by call, as the
 * number of calls differs from update to update more than what there is to compute.
 * @param updates the runs of each
 * @param idle the program whose nodes compute nothing: what one of them took is what timing adds to every node
 */
export function nodesOfMiddle(
  updates: readonly (readonly ProfiledRun[])[],
  idle: string,
): Map<string, ProgramNodeTimes> {
  const timeOf = (runs: readonly ProfiledRun[]): number =>
    runs
      .flatMap(({ kinds }) => [...kinds.values()])
      .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const counted = middle(updates.toSorted((a, b) => timeOf(a) - timeOf(b)));
  const programs = new Map<string, Map<string, NodeTimes>>();
  for (const { program, kinds } of counted.flat()) {
    const all = programs.get(program) ?? new Map<string, NodeTimes>();
    for (const [op, times] of kinds) addNodes(all, op, times);
    programs.set(program, all);
  }
  const timing = averageOf(programs.get(idle)?.values() ?? []);
  programs.delete(idle);
  for (const kinds of programs.values()) {
    for (const [op, { nodes, milliseconds }] of kinds) {
      const own = Math.max(0, milliseconds - nodes * timing);
      kinds.set(op, { nodes: nodes / counted.length, milliseconds: own / counted.length });
    }
  }
  return programs;
}

/** Milliseconds of a node. */
function averageOf(kinds: Iterable<NodeTimes>): number {
  let [nodes, milliseconds] = [0, 0];
  for (const kind of kinds) {
    nodes += kind.nodes;
    milliseconds += kind.milliseconds;
  }
  return nodes > 0 ? milliseconds / nodes : 0;
}

/** Adds what nodes of an operation took to what others did. */
export function addNodes(
  kinds: Map<string, NodeTimes>,
  op: string,
  { nodes, milliseconds }: NodeTimes,
): void {
  const before = kinds.get(op) ?? { nodes: 0, milliseconds: 0 };
  kinds.set(op, { nodes: before.nodes + nodes, milliseconds: before.milliseconds + milliseconds });
}
