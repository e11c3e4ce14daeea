import '../../agent/engines/telemetry.ts';
import { WorkerClient } from '../common/worker-client.ts';
import { YOUNG_GENERATION_MB } from '../train/shard-pool.ts';
import type { ProgramsRequest, ProgramsResult } from './programs.ts';
import type { ProgramsHandlers } from './programs-worker.ts';

/**
 * As `measurePrograms`, in a thread whose garbage is collected as that of threads that train.
 * @throws what that throws
 */
export async function programsInThread(request: ProgramsRequest): Promise<ProgramsResult> {
  const thread = new WorkerClient<ProgramsHandlers>(
    new URL('./programs-worker.js', import.meta.url),
    { name: request.world.id, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB } },
  );
  try {
    return await thread.ask('measure', request);
  } finally {
    await thread.close();
  }
}
