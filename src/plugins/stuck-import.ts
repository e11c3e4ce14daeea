import { isMainThread, Worker } from 'node:worker_threads';
import { UsageError } from '../common/errors.ts';
import { placeInStack } from './error-place.ts';

/** Seconds for which code that is being imported may keep the thread from doing anything else. */
const PATIENCE = 60;
const BEAT = 200;

/** In a thread of its own: waits until the main thread has not counted for a while, finds out where it is, and ends what it does. */
const WATCH = `
const { Session } = require('node:inspector');
const { parentPort, workerData: { beats, patience } } = require('node:worker_threads');
let [last, since, session] = [-1, Date.now(), null];
setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now !== last || session) [last, since] = [now, Date.now()];
  else if (Date.now() - since > patience * 1000) interrupt();
}, ${BEAT});
function interrupt() {
  const urls = new Map();
  session = new Session();
  session.connectToMainThread();
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    const places = callFrames.map(({ location: { scriptId, lineNumber, columnNumber } }) =>
      urls.get(scriptId) + ':' + (lineNumber + 1) + ':' + (columnNumber + 1));
    if (places.some((place) => place.startsWith('file:'))) {
      parentPort.postMessage(places.join('\\n'));
      session.post('Runtime.terminateExecution');
    }
    session.post('Debugger.resume', () => {
      session.disconnect();
      session = null;
    });
  });
  session.post('Debugger.enable', () => session.post('Debugger.pause'));
}
parentPort.on('message', () => parentPort.postMessage(null)); // after whatever it has found
`;

/**
 * Does what may never come to an end: a loop, or a wait for something that never comes.
 * @param given what errors call the code
 * @throws UsageError once it keeps the main thread busy for too long (other threads are watched by whoever started them), or
 *   nothing is left that it could be waiting for
 */
export async function whileResponding<Result>(
  given: string,
  action: () => Promise<Result>,
  patience: number = PATIENCE,
): Promise<Result> {
  let giveUp: (why: string) => void = () => {};
  const stuck = new Promise<never>((_, reject) => {
    giveUp = (why) => reject(new UsageError(`${given} never finishes being imported: ${why}`));
  });
  stuck.catch(() => {});
  const onIdle = (): void => giveUp('it awaits something that never comes');
  const watch = isMainThread
    ? await watchThread(patience, (stack) => {
        if (stack === null) return onIdle();
        const place = placeInStack(stack);
        const where = place ? ` and is at ${place}` : '';
        giveUp(`it has run for ${patience} s${where}; look for a loop that never ends`);
      })
    : undefined;
  // A process with nothing left to do would end, silently and as if all were well.
  const beforeEnd = watch?.ask ?? onIdle;
  process.once('beforeExit', beforeEnd);
  try {
    return await Promise.race([action(), stuck]);
  } finally {
    process.off('beforeExit', beforeEnd);
    watch?.end();
  }
}

/** @param onReport is given where the main thread is, or null in answer to `ask` where it has not been busy for too long */
async function watchThread(patience: number, onReport: (stack: string | null) => void) {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(WATCH, { eval: true, workerData: { beats, patience } });
  worker.on('message', onReport);
  let isWatching = true;
  worker
    .on('error', () => {})
    .once('exit', () => {
      isWatching = false; // without an inspector
    });
  // It cannot start while this thread is busy.
  await new Promise<void>((resolve) => {
    worker.once('online', resolve).once('exit', () => resolve());
  });
  worker.unref();
  const timer = setInterval(() => Atomics.add(beats, 0, 1), BEAT).unref();
  return {
    ask(): void {
      if (isWatching) {
        worker.ref();
        worker.postMessage(null);
      } else {
        onReport(null);
      }
    },
    end(): void {
      clearInterval(timer);
      void worker.terminate();
    },
  };
}
