import { Random } from '../env/index.ts';

export interface SimulatedQueue {
  readonly workers: number;
  readonly runs: number;
  /** Seconds that a run takes on a machine of average speed. */
  readonly runSeconds: number;
  /** Seconds of training between two checkpoints, and whether they go to Redis. */
  readonly checkpointSeconds: number;
  readonly inRedis: boolean;
  /** Seconds after which a worker is lost, on average. */
  readonly workerSeconds: number;
  /** Seconds until a lost worker's run is taken by another, and until the worker comes back. */
  readonly leaseSeconds: number;
  /** Seconds between two signs of life of a run. */
  readonly keepSeconds: number;
  /** Seconds of Redis for taking a run, keeping it, storing a checkpoint, and ending it. */
  readonly costs: {
    readonly take: number;
    readonly keep: number;
    readonly checkpoint: number;
    readonly end: number;
  };
}

export interface SimulatedFigures {
  /** Seconds from the first run to the last. */
  readonly seconds: number;
  readonly lostWorkers: number;
  /** Share of the workers' time, until the queue ran dry, that they waited for Redis or a run; and that was trained in vain. */
  readonly waitingShare: number;
  readonly lostShare: number;
  /** Share of the time that Redis was at work. */
  readonly redisBusy: number;
  /** Seconds that the slowest answer took. */
  readonly slowestAnswer: number;
  /** Checkpoints that Redis held at once, at most. */
  readonly mostCheckpoints: number;
  readonly checkpointsStored: number;
}

/** Events by their moment, in virtual seconds: a binary heap. */
class Agenda {
  readonly #times: number[] = [];
  readonly #actions: (() => void)[] = [];

  add(time: number, action: () => void): void {
    const [times, actions] = [this.#times, this.#actions];
    let at = times.length;
    times.push(time);
    actions.push(action);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (times[above]! <= time) break;
      [times[at], actions[at]] = [times[above]!, actions[above]!];
      at = above;
    }
    [times[at], actions[at]] = [time, action];
  }

  /** @returns the earliest moment and what happens then; undefined where nothing is left */
  take(): { readonly time: number; readonly action: () => void } | undefined {
    const [times, actions] = [this.#times, this.#actions];
    if (times.length === 0) return undefined;
    const first = { time: times[0]!, action: actions[0]! };
    const [time, action] = [times.pop()!, actions.pop()!];
    if (times.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= times.length) break;
      if (below + 1 < times.length && times[below + 1]! < times[below]!) below += 1;
      if (times[below]! >= time) break;
      [times[at], actions[at]] = [times[below]!, actions[below]!];
      at = below;
    }
    [times[at], actions[at]] = [time, action];
    return first;
  }
}

/**
 * Plays a queue in virtual time: workers of different speeds that take runs, train, store checkpoints without waiting for them,
 * are lost now and then, and a Redis that does one thing after another.
 */
export function simulateQueue(options: SimulatedQueue): SimulatedFigures {
  const { workers, runs, runSeconds, checkpointSeconds, workerSeconds, leaseSeconds } = options;
  const { costs, keepSeconds, inRedis } = options;
  const random = new Random(1);
  const agenda = new Agenda();
  let now = 0;
  let free = 0;
  let [busy, slowest, waited, wasted, lost] = [0, 0, 0, 0, 0];
  let [stored, held, mostHeld, ended] = [0, 0, 0, 0];
  let dryAt = 0;
  /** Seconds of training that are left of runs that wait; those that were begun come first. */
  const begun: { left: number; isHeld: boolean }[] = [];
  let fresh = runs;

  /** Asks Redis for something; `then` happens when it has answered. */
  const ask = (cost: number, then: () => void = () => {}): void => {
    const start = Math.max(now, free);
    free = start + cost;
    busy += cost;
    slowest = Math.max(slowest, free - now);
    agenda.add(free, then);
  };
  const exponential = (mean: number): number => -Math.log(1 - random.uniform()) * mean;

  /** A worker takes its next run. */
  const next = (speed: number): void => {
    const asked = now;
    ask(costs.take, () => {
      const run = begun.pop() ?? (fresh > 0 ? { left: runSeconds, isHeld: false } : undefined);
      if (!run) return; // the queue has run dry
      if (run.left === runSeconds && !run.isHeld) fresh -= 1;
      dryAt = now;
      waited += now - asked;
      train(speed, run);
    });
  };
  const train = (speed: number, run: { left: number; isHeld: boolean }): void => {
    const whole = run.left / speed;
    const lostAfter = exponential(workerSeconds);
    const lasts = Math.min(whole, lostAfter);
    const from = now;
    for (let at = keepSeconds; at < lasts; at += keepSeconds)
      agenda.add(from + at, () => ask(costs.keep));
    const checkpoints = Math.floor((lasts * speed) / checkpointSeconds);
    for (let i = 1; inRedis && i <= checkpoints; i += 1) {
      agenda.add(from + (i * checkpointSeconds) / speed, () =>
        ask(costs.checkpoint, () => {
          stored += 1;
          if (!run.isHeld) {
            run.isHeld = true;
            held += 1;
            mostHeld = Math.max(mostHeld, held);
          }
        }),
      );
    }
    agenda.add(from + lasts, () => {
      if (lostAfter < whole) {
        lost += 1;
        const kept = checkpoints * checkpointSeconds;
        wasted += lasts - kept / speed;
        run.left -= kept;
        agenda.add(now + leaseSeconds, () => {
          if (run.left === runSeconds && !run.isHeld) fresh += 1;
          else begun.push(run);
          next(speed);
        });
        return;
      }
      const asked = now;
      ask(costs.end, () => {
        waited += now - asked;
        ended += 1;
        if (run.isHeld) held -= 1;
        next(speed);
      });
    });
  };

  // They come within the first minute, some twice as fast as others.
  for (let i = 0; i < workers; i += 1) {
    const speed = 0.7 + 0.7 * random.uniform();
    agenda.add(60 * random.uniform(), () => next(speed));
  }
  for (let event = agenda.take(); event; event = agenda.take()) {
    now = event.time;
    event.action();
  }
  if (ended !== runs) throw new Error(`${ended} of ${runs} runs ended`);
  return {
    ...{ seconds: now, lostWorkers: lost, slowestAnswer: slowest, checkpointsStored: stored },
    waitingShare: waited / (dryAt * workers),
    lostShare: wasted / (dryAt * workers),
    redisBusy: busy / now,
    mostCheckpoints: mostHeld,
  };
}
