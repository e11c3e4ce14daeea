import { readAddress, runsOf } from './address.ts';
import type { Commands } from './commands.ts';
import { leastNumber } from './number-stops.ts';
import { firstNumber } from './opening-number.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

/**
 * Shows what an address asks for, as far as it can be had; what it leaves out is as on a page without an address. A notice says
 * what was wrong with it.
 * @param search the query of the address
 */
export function openAddress(search: string, store: Store<State>, commands: Commands): void {
  const { agents, replay, limits, world } = store.state;
  if (limits === null || world === null) return;
  const address = readAddress(search, {
    number: world.number && [leastNumber(world.number), limits.number],
    others: (world.otherNumbers ?? []).map(({ option }) => option),
    mostOther: limits.number,
    mostSteps: limits.steps,
    trained: agents.flatMap(({ kept }) => (kept ?? []).map(({ frames }) => frames)),
  });
  const { runs, number, others, seed, policy, trained, step, branch, problems } = address;
  const notices: string[] = [];
  if (runs !== null && runs !== runsOf(agents)) {
    const made = runs.replaceAll(',', ' and ');
    notices.push(`This address was made for ${made}, which are not on screen.`);
  }
  if (problems.length > 0 && replay === null)
    notices.push(`The address was corrected: ${problems.join('; ')}.`);
  if (notices.length > 0) commands.notify(notices.join(' '));
  store.update({
    number: replay?.number ?? number ?? firstNumber(store.state),
    others: replay?.others ?? others,
    seed: replay?.seed ?? seed ?? 0,
    policy: replay?.policy ?? policy ?? 'greedy',
    trained: replay === null ? trained : null,
    byPlayback: false,
    playing: step === null,
  });
  if (branch !== null && world.number !== null && replay === null)
    commands.showBranched(branch, step ?? branch.at);
  else commands.show(step ?? 0);
}
