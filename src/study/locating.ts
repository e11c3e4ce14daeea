import { ConfigError } from '../../agent/config.ts';
import { OptionError } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { SummaryError } from '../evaluate/summary.ts';

/** Runs `action`; a mistake in what is declared becomes a UsageError that says where. @param where empty: nothing */
export function locating<Result>(where: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isMistake = [OptionError, ConfigError, UsageError, SummaryError].some(
      (type) => error instanceof type,
    );
    if (!isMistake) throw error;
    const message = error.message.replace(/\.$/, '');
    throw new UsageError(where === '' ? message : `${where}: ${message}`, { cause: error });
  }
}
