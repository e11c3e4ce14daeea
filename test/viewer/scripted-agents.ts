import { onTestFinished } from 'vitest';
import { pageFolder } from '../../dist/src/watch/page-folder.js';
import type { Env } from '../../env/index.ts';
import { EpisodeRecorder } from '../../src/play/episode-recorder.ts';
import { WorldEpisode } from '../../src/play/world-episode.ts';
import { describeWorld, type EpisodeSource } from '../../src/watch/episode-source.ts';
import { encodePicture } from '../../src/watch/protocol.ts';
import { WatchServer } from '../../src/watch/server.ts';
import { asStreamed } from '../../src/watch/streamed-episode.ts';
import { type WirePicture, writeStep } from '../../src/watch/written-step.ts';

/** What a player does at each step; the last one again and again. */
type Script = readonly number[];

/** Any world, with players that follow a script, for the page to show: no agent could have been trained in it. */
export function scriptedShow(makeWorld: () => Env, scripts: readonly Script[]): EpisodeSource {
  return {
    ...{ world: describeWorld(makeWorld()), replay: null, makeWorld },
    agents: scripts.map((_, i) => ({
      ...{ name: `player ${i + 1}`, path: '', person: false, pathway: null, seed: null, frames: 0 },
      ...{ pathwaySummary: null, colour: null },
      ...{ totalFrames: null, checkpoint: `script-${i}`, discount: 1, lstm: 0, nac: null },
    })),
    open(agent, { number, seed }) {
      const episode = new WorldEpisode(makeWorld(), { seed: `evaluation:${seed}`, number });
      const pictures: WirePicture[] = [];
      const recorder = new EpisodeRecorder(episode, {
        onPicture: (hash, frame) =>
          pictures.push({ hash, bytes: encodePicture({ hash, ...frame }) }),
      });
      const script = scripts[agent]!;
      while (!episode.end) recorder.step(script[episode.steps] ?? script.at(-1)!, null);
      const [start, steps] = [recorder.start, recorder.take().map(writeStep)];
      const whole = { start, steps, pictures, end: episode.end, differsAt: null };
      return asStreamed(whole, `script-${agent}`);
    },
    rows: () => [],
    curve: () => null,
    onNews() {},
    attend() {},
    async close() {},
  };
}

/** Serves it until the test is over. @param port 0: any that is free */
export async function serveScripted(show: EpisodeSource, port = 0): Promise<WatchServer> {
  const server = await WatchServer.start(show, { files: pageFolder, port });
  onTestFinished(() => server.close());
  return server;
}
