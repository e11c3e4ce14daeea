import type { Report } from '../../env/conformance/index.ts';
import { WorldError } from '../../env/errors.ts';
import { WorkerClient } from '../common/worker-client.ts';
import '../plugins/error-place.ts';
import type { CheckHandlers, CheckTask } from './check-worker.ts';

/**
 * Checks a world, a pathway or a cell in a thread of its own, so that one that never answers, or ends the thread, is still reported in
 * a sentence.
 * @param patience seconds that a rule may take
 * @param onPrint is given what it prints, which is not the answer
 * @throws UsageError or OptionError for a world or an option that does not exist, WorldError for a world that gives no answer
 */
export async function checkApart(
  task: CheckTask,
  patience: number,
  onPrint: (text: string) => void,
): Promise<Report> {
  const file = new URL('./check-worker.js', import.meta.url);
  const worker = new WorkerClient<CheckHandlers>(file, { name: task.named, onPrint });
  let timer: NodeJS.Timeout | undefined;
  let during = 'while it was being made';
  try {
    return await new Promise<Report>((resolve, reject) => {
      const wait = (): void => {
        clearTimeout(timer);
        const problem = `gave no answer for ${patience} s; look for a loop that never ends`;
        timer = setTimeout(
          () => reject(new WorldError(`${task.named} ${problem}`)),
          patience * 1000,
        );
      };
      wait();
      const onRule = (next: string): void => {
        during = `while rule ${next} was judged`;
        wait();
      };
      worker.ask('check', task, onRule).then(resolve, reject);
    });
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    throw new WorldError(`${error.message}, ${during}`);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
