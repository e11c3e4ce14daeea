import type { AgentInfo } from '../src/watch/protocol.ts';

/** Frames of training at which agents can be watched, ascending; null, the last one: as they are now. */
export function trainingStops(agents: readonly Pick<AgentInfo, 'frames' | 'kept'>[]) {
  const newest = Math.max(0, ...agents.map(({ frames }) => frames));
  const kept = new Set(agents.flatMap((agent) => (agent.kept ?? []).map(({ frames }) => frames)));
  const earlier = [...kept].filter((frames) => frames < newest).sort((a, b) => a - b);
  return earlier.length === 0 ? [] : [...earlier, null];
}

export const millionFrames = (frames: number): string => `${(frames / 1e6).toFixed(2)}M frames`;
