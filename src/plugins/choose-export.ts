import { suggestion } from '../../env/closest.ts';
import { UsageError } from '../common/errors.ts';
import type { PluginKind } from './kind.ts';
import type { Reference } from './reference.ts';

/**
 * The spec that was named among a module's exports: the default one where it was not.
 * @throws UsageError where there is none, or where there are several to choose from
 */
export function chooseExport<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  given: string,
  { module, name }: Reference,
  exports: Readonly<Record<string, unknown>>,
): Spec {
  const { noun, contract } = kind;
  // A CommonJS module is its own default export, and what it exports by name.
  const candidates = Object.entries(exports).filter(([key]) => key !== 'module.exports');
  const specs = new Map(
    candidates.filter(([, value]) => kind.problemOf(value) === undefined),
  ) as Map<string, Spec>;
  const ids = [...specs].map(([key, { id }]) => (key === 'default' ? id : key));
  const refuse = (which: string, value: unknown) =>
    new UsageError(`${given}: ${which} is not ${contract}: ${kind.problemOf(value)}`);
  if (name !== undefined) {
    const chosen = specs.get(name) ?? [...specs.values()].find(({ id }) => id === name);
    if (chosen) return chosen;
    if (name in exports) throw refuse(`its export ${name}`, exports[name]);
    throw new UsageError(
      `${given}: there is no ${noun} "${name}" in it; ${suggestion(name, ids, `${noun}s`)}`,
    );
  }
  const chosen = specs.get('default');
  if (chosen) return chosen;
  if (exports.default !== undefined) throw refuse('its default export', exports.default);
  const [only, another] = new Set(specs.values());
  if (only && !another) return only;
  if (another) {
    const choices = ids.map((one) => `${module}#${one}`);
    throw new UsageError(`${given} exports several ${noun}s: choose ${choices.join(' or ')}`);
  }
  throw new UsageError(`${given} exports no ${noun}: its default export must be ${contract}`);
}
