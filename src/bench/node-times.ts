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

/**
 * What ONNX Runtime's profile of one session says of its nodes.
 * @param events in the order in which they ended: those of a run's nodes before the run itself
 * @param skip runs at the beginning that do not count
 */
export function nodeTimes(events: readonly ProfileEvent[], skip = 0): ProgramNodeTimes {
  const kinds = new Map<string, NodeTimes>();
  let run = 0;
  for (const { name, dur, args } of events) {
    if (name === END_OF_RUN) run += 1;
    if (run < skip || !name.endsWith(KERNEL)) continue;
    addNodes(kinds, args?.op_name ?? 'unknown', { nodes: 1, milliseconds: dur / 1000 });
  }
  return { runs: Math.max(0, run - skip), kinds };
}

/** By program: those of one name together. */
export function joinProfiles(
  profiles: readonly (readonly [name: string, ProgramNodeTimes])[],
): Map<string, ProgramNodeTimes> {
  const joined = new Map<string, { runs: number; kinds: Map<string, NodeTimes> }>();
  for (const [name, { runs, kinds }] of profiles) {
    const all = joined.get(name) ?? { runs: 0, kinds: new Map() };
    all.runs += runs;
    for (const [op, times] of kinds) addNodes(all.kinds, op, times);
    joined.set(name, all);
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
