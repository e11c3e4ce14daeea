import { onTestFinished } from 'vitest';
import { pageFolder } from '../../dist/src/watch/page.js';
import type { Env } from '../../env/index.ts';
import { RecordedWorld } from '../../src/play/recorded-world.ts';
import { WatchServer } from '../../src/watch/server.ts';
import { describeWorld, type EpisodeSource } from '../../src/watch/source.ts';

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
      const stage = new RecordedWorld(makeWorld(), `evaluation:${seed}`, number);
      const script = scripts[agent]!;
      const steps = [];
      while (!stage.ending) steps.push(stage.step(script[steps.length] ?? script.at(-1)!, null));
      const pictures = new Map(stage.pictures.take().map(({ hash, bytes }) => [hash, bytes]));
      return {
        ...{ checkpoint: `script-${agent}`, opening: stage.opening, steps, ending: stage.ending },
        ...{ refusal: null, differsAt: null, picture: (number) => pictures.get(number)! },
        want() {},
        follow() {},
        unfollow() {},
      };
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
