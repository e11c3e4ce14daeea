import { Worker } from 'node:worker_threads';
import type { Report } from '../../env/conformance/index.ts';
import { Failure, UsageError } from '../common/errors.ts';
import type { CheckNews, CheckTask } from './check-worker.ts';

/**
 * Checks a world in a thread of its own, so that one that never answers, or ends the thread, is a sentence as well.
 * @param patience seconds that a rule may take
 * @param onPrint is given what the world prints, which is not the answer
 * @throws UsageError for a world or an option that there is not, Failure for a world that gives no answer
 */
export async function checkApart(
  task: CheckTask,
  patience: number,
  onPrint: (text: string) => void,
): Promise<Report> {
  const worker = new Worker(new URL('./check-worker.js', import.meta.url), {
    workerData: task,
    stdout: true,
  });
  worker.stdout.setEncoding('utf8').on('data', onPrint);
  let timer: NodeJS.Timeout | undefined;
  let rule = 'whether it can be made';
  try {
    return await new Promise<Report>((resolve, reject) => {
      const fail = (problem: string): void => reject(new Failure(`${task.world} ${problem}`));
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          const asked = `while ${rule} was judged`;
          fail(`gave no answer for ${patience} s ${asked}; look for a loop that never ends`);
        }, patience * 1000);
      };
      wait();
      worker.on('message', (news: CheckNews) => {
        wait();
        if ('rule' in news) rule = news.rule;
        else if ('report' in news) resolve(news.report);
        else if (news.complaint.exitCode === 2) reject(new UsageError(news.complaint.message));
        else reject(new Failure(news.complaint.message));
      });
      worker.on('error', (error: Error) =>
        fail(`threw outside of any call, while ${rule} was judged: ${error.message}`),
      );
      worker.on('exit', () =>
        fail(`ended the thread, while ${rule} was judged; look for process.exit`),
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
