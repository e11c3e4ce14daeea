import type { EpisodeSource as CompiledSource } from '../../dist/src/watch/episode-source.js';
import type { Env } from '../../env/index.ts';
import type { ActOutput } from '../../src/play/act.ts';
import { EpisodeRecorder } from '../../src/play/episode-recorder.ts';
import { WorldEpisode } from '../../src/play/world-episode.ts';
import { describeWorld, type EpisodeSource } from '../../src/watch/episode-source.ts';
import { asStreamed } from '../../src/watch/streamed-episode.ts';
import { encodePicture } from '../../src/watch/wire-picture.ts';
import { type WirePicture, writeStep } from '../../src/watch/written-step.ts';

/** A player's actions, the last one repeated. */
type Script = readonly number[];

/** Any world with players that follow scripts. @param output what their networks compute at each step; null: they have none */
export function scriptedAgents(
  makeWorld: () => Env,
  scripts: readonly Script[],
  frames = 1_000,
  output: ActOutput | null = null,
): CompiledSource {
  const source: EpisodeSource = {
    ...{ world: describeWorld(makeWorld()), replay: null, makeWorld },
    agents: scripts.map((_, i) => ({
      ...{ name: `player ${i + 1}`, path: '', person: false, pathway: null, seed: null, frames },
      ...{ pathwayLabel: null, pathwaySummary: null, colour: null },
      ...{ totalFrames: null, checkpoint: `script-${i}`, discount: 1, lstm: 0, nac: null },
    })),
    open(agent, { number, others, seed }) {
      const given = { seed: `evaluation:${seed}`, number, others };
      const episode = new WorldEpisode(makeWorld(), given);
      const pictures: WirePicture[] = [];
      const recorder = new EpisodeRecorder(episode, {
        onPicture: (hash, frame) =>
          pictures.push({ hash, bytes: encodePicture({ hash, ...frame }) }),
      });
      const script = scripts[agent]!;
      while (!episode.end) recorder.step(script[episode.steps] ?? script.at(-1)!, output);
      const [start, steps] = [recorder.start, recorder.take().map(writeStep)];
      const whole = { start, steps, pictures, end: episode.end, differsAt: null };
      return asStreamed(whole, `script-${agent}`);
    },
    rows: () => null,
    outcomes: () => null,
    curve: () => null,
    onNews() {},
    attend() {},
    async close() {},
  };
  // The server that serves them is compiled, and so are its types.
  return source as unknown as CompiledSource;
}
