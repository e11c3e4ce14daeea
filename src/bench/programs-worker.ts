/** The thread that programs are measured in: one like those that train, whose garbage is collected as theirs is. */

import { serveWorker } from '../common/serve-worker.ts';
import { measurePrograms } from './programs.ts';

const handlers = { measure: measurePrograms };
export type ProgramsHandlers = typeof handlers;

serveWorker(handlers);
