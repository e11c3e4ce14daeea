import { parentPort } from 'node:worker_threads';
import { type ErrorMessage, toMessage } from '../common/thread-error.ts';
import { Shard, type ShardPlan, type ShardReport, type ShardState } from './shard.ts';

/** What a shard's thread is asked, one question at a time; after `close` it ends. */
export type ShardRequest =
  | { readonly do: 'create'; readonly plan: ShardPlan }
  | { readonly do: 'advance'; readonly pull: number }
  | { readonly do: 'state' }
  | { readonly do: 'restore'; readonly state: ShardState }
  | { readonly do: 'close' };

export type ShardAnswer = undefined | ShardReport | ShardState;
export type ShardReply = { readonly result: ShardAnswer } | { readonly error: ErrorMessage };

const port = parentPort!;
let shard: Shard | undefined;

async function answer(request: ShardRequest): Promise<ShardAnswer> {
  switch (request.do) {
    case 'create':
      shard = await Shard.create(request.plan);
      return undefined;
    case 'advance':
      return shard!.advance(request.pull);
    case 'state':
      return shard!.state();
    case 'restore':
      await shard!.restore(request.state);
      return undefined;
    case 'close':
      try {
        await shard?.close();
      } finally {
        // Closing the port alone would wait until the WebAssembly engine has optimised all of its code.
        process.exit();
      }
  }
}

port.on('message', async (request: ShardRequest) => {
  let reply: ShardReply;
  try {
    reply = { result: await answer(request) };
  } catch (error) {
    reply = { error: toMessage(error) };
  }
  port.postMessage(reply);
});
