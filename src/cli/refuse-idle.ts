import type { Command } from 'commander';
import { UsageError } from '../common/errors.ts';

/**
 * Refuses options that were given although they do nothing here.
 * @param names as commander has them, such as `envOption`
 * @param where the end of the sentence, such as `with a replay`
 */
export function refuseIdle(command: Command, names: readonly string[], where: string): void {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const idle = command.options.find((option) => {
    const name = option.attributeName();
    return names.includes(name) && isGiven(name);
  });
  if (idle) throw new UsageError(`${idle.long} does nothing ${where}: leave it out`);
}
