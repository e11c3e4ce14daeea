import { middle } from './measure.ts';

/** Nodes of one operation: how many ran, and what they took. */
export interface NodeTimes {
  readonly nodes: number;
  readonly milliseconds: number;
}

/** What the nodes of a program took in so many runs, by operation. */
export interface ProgramNodeTimes {
  readonly runs: number;
  readonly kinds: ReadonlyMap<string, NodeTimes>;
}

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

/** What the nodes of each program took in the middle updates, by its name. @param updates the runs of each */
export function nodesOfMiddle(
  updates: readonly (readonly ProfiledRun[])[],
): Map<string, ProgramNodeTimes> {
  const timeOf = (runs: readonly ProfiledRun[]): number =>
    runs
      .flatMap(({ kinds }) => [...kinds.values()])
      .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const joined = new Map<string, { runs: number; kinds: Map<string, NodeTimes> }>();
  for (const { program, kinds } of middle(
    updates.toSorted((a, b) => timeOf(a) - timeOf(b)),
  ).flat()) {
    const all = joined.get(program) ?? { runs: 0, kinds: new Map() };
    all.runs += 1;
    for (const [op, times] of kinds) addNodes(all.kinds, op, times);
    joined.set(program, all);
  }
  return joined;
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
