import { arithmetic } from './arithmetic/arithmetic.ts';
import { digits } from './digits/digits.ts';
import { identity } from './identity/identity.ts';
import { language } from './language/language.ts';
import { module } from './module/module.ts';
import type { Task } from './task.ts';

/** A list of tasks of any settings and results. */
const anyOf = (...list: readonly unknown[]): readonly Task[] => list as readonly Task[];

/** Every task, in the order of the paper. */
export const tasks: readonly Task[] = anyOf(identity, arithmetic, module, digits, language);

/** @param id one of them */
export const taskOf = (id: string): Task => tasks.find((task) => task.id === id)!;
