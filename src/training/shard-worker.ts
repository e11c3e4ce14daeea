import { parentPort } from 'node:worker_threads';
import { Shard, type ShardPlan, type ShardReport, type ShardState } from './shard.ts';

/** What a shard's thread is asked, one question at a time. */
export type ShardRequest =
  | { readonly do: 'create'; readonly plan: ShardPlan }
  | { readonly do: 'advance' }
  | { readonly do: 'state' }
  | { readonly do: 'restore'; readonly state: ShardState };

export type ShardReply =
  | { readonly result: undefined | ShardReport | ShardState }
  | { readonly error: unknown };

let shard: Shard | undefined;

async function answer(request: ShardRequest): Promise<undefined | ShardReport | ShardState> {
  if (request.do === 'create') {
    shard = await Shard.create(request.plan);
    return undefined;
  }
  if (!shard) throw new Error('The shard has not been created yet.');
  if (request.do === 'advance') return shard.advance();
  if (request.do === 'state') return shard.state();
  shard.restore(request.state);
  return undefined;
}

parentPort!.on('message', async (request: ShardRequest) => {
  let reply: ShardReply;
  try {
    reply = { result: await answer(request) };
  } catch (error) {
    reply = { error };
  }
  parentPort!.postMessage(reply);
});
