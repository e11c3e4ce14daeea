import type { Scheduling } from '../watch/turns.ts';

/** Turns by Node's clock and queue. */
export const SCHEDULING: Scheduling = {
  now: () => performance.now(),
  soon: (action) => void setImmediate(action),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
