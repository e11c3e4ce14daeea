import type { Finding, Report } from '../../env/conformance/index.ts';
import { formatWhole } from '../common/format.ts';
import { printableData } from '../common/printable-data.ts';

const WORDS: Readonly<Record<Finding['outcome'], string>> = {
  kept: 'kept',
  broken: 'BROKEN',
  noted: 'note',
  unjudged: 'not judged',
};

/** A report as a list for a person: a line for each rule, and what to change below one that is broken. */
export function formatReport(report: Report): string {
  const { id, rules, speed } = printableData(report);
  const width = Math.max(...rules.map((rule) => rule.id.length));
  const lines = rules.flatMap((rule) => {
    const { outcome, says, problem, advice } = rule;
    const start = `  ${WORDS[outcome].padEnd(10)}  ${rule.id.padEnd(width)}  `;
    const margin = ' '.repeat(start.length);
    if (outcome === 'kept') return [start + says];
    if (outcome === 'unjudged') return [`${start}since ${problem}`];
    return [start + problem, `${margin}the rule: ${says}`, `${margin}what to do: ${advice}`];
  });
  const count = (outcome: Finding['outcome']): number =>
    rules.filter((rule) => rule.outcome === outcome).length;
  const [kept, broken, unjudged] = [count('kept'), count('broken'), count('unjudged')];
  const counts = [
    `${kept} of ${rules.length} rules kept`,
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(unjudged > 0 ? [`${unjudged} not judged`] : []),
  ];
  return [id, ...lines, '', `${counts.join(', ')}.`, ...(speed ? [speedLine(speed)] : [])].join(
    '\n',
  );
}

function speedLine(speed: NonNullable<Report['speed']>): string {
  const steps = formatWhole(Math.round(speed.stepsPerSecond));
  const picture = Number(speed.renderMilliseconds.toPrecision(2));
  return `The world runs at ${steps} steps a second, alone and on one core; drawing a picture takes ${picture} ms.`;
}
