/** BullMQ's queue. */
export const QUEUE = 'runs';

/** The names of what a queue keeps in Redis. @param prefix of the address */
export function queueKeys(prefix: string) {
  const root = `${prefix}timegrid`;
  return {
    /** BullMQ's own prefix. */
    root,
    /** BullMQ's lists of jobs that are being worked on and that wait, a job, and its lock. */
    active: `${root}:${QUEUE}:active`,
    waiting: `${root}:${QUEUE}:wait`,
    job: (key: string) => `${root}:${QUEUE}:${key}`,
    lock: (key: string) => `${root}:${QUEUE}:${key}:lock`,
    /** Who works on a run and how far it is: a hash. */
    state: (key: string) => `${root}:state:${key}`,
    /** The newest checkpoint of an unfinished run: a hash of files. */
    checkpoint: (key: string) => `${root}:checkpoint:${key}`,
    /** A result, or why there is none: JSON. */
    result: (key: string) => `${root}:result:${key}`,
    failure: (key: string) => `${root}:failure:${key}`,
    /** A user's own code by its fingerprint: a hash of files. */
    code: (version: string) => `${root}:code:${version}`,
    /** The ids of workers, some of them gone: a set; and what one says of itself until shortly after its last sign of life: JSON. */
    workers: `${root}:workers`,
    worker: (id: string) => `${root}:worker:${id}`,
  };
}

export type QueueKeys = ReturnType<typeof queueKeys>;
