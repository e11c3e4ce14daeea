/** A thread of a page that needs no server: it plays, or it trains, as the first message says. */

import * as z from 'zod';
import type { Beginning, Posted, ThreadFailure, TrainedNews } from './posted.ts';
import { show } from './show.ts';
import { trainHere } from './training.ts';
import type { TrainingBeginning, TrainingPost, TrainingStop } from './training-messages.ts';

// The page must not turn text into code: its content security policy forbids it.
z.config({ jitless: true });

interface WorkerScope {
  postMessage(message: Posted | ThreadFailure | TrainingPost): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data }) => {
  const beginning = data as Beginning | TrainingBeginning;
  const working = 'train' in beginning ? train(beginning) : play(beginning);
  working.catch((error: unknown) => {
    scope.postMessage({ broken: error instanceof Error ? error.message : String(error) });
  });
};

async function play(beginning: Beginning): Promise<void> {
  const early: (Posted | TrainedNews)[] = [];
  scope.onmessage = ({ data }) => void early.push(data as Posted | TrainedNews);
  const receive = await show(beginning, (message) => scope.postMessage(message));
  scope.onmessage = ({ data }) => receive(data as Posted | TrainedNews);
  for (const message of early) receive(message);
}

async function train(beginning: TrainingBeginning): Promise<void> {
  let isStopped = false;
  scope.onmessage = ({ data }) => {
    isStopped ||= (data as TrainingStop).stop;
  };
  await trainHere(beginning, {
    post: (news) => scope.postMessage(news),
    get isStopped() {
      return isStopped;
    },
  });
}
