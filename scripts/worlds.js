/**
 * Writes docs/worlds.md and its pictures: `npm run worlds [-- --frames 1e6 --seeds 1..5 …]`, after `npm run build`. Runs a study of each
 * world first. Run the same command again to resume it; what is finished is not trained again.
 *
 *   --worlds IDS      by default all
 *   --agents NAMES    by default baseline,nac,nac-clock,nac-counter
 *   --others NAMES    trained alike, but not drawn; by default nac-stateless,nalu,nalu-clock,cell-clock
 *   --seeds LIST      by default 1..3
 *   --frames COUNT    of each training, by default 2e6
 *   --episodes COUNT  at each number, by default 200
 *   --jobs COUNT      trainings at once, a core each; by default 1
 *   --folder FOLDER   where the studies are, by default runs/worlds
 *   --page FILE       by default docs/worlds.md
 *   --report          train nothing: use the studies that are finished
 */

import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeOptions, findSpec, specs } from '../dist/env/index.js';
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatRange,
} from '../dist/src/common/format.js';
import { writeOutput } from '../dist/src/common/output.js';
import { study } from '../dist/src/index.js';
import { rasterise } from '../dist/src/render/draw-spec.js';
import { formatMarkdownTable } from '../dist/src/render/evaluation-table.js';

const { values } = parseArgs({
  options: {
    worlds: { type: 'string' },
    agents: { type: 'string', default: 'baseline,nac,nac-clock,nac-counter' },
    others: { type: 'string', default: 'nac-stateless,nalu,nalu-clock,cell-clock' },
    seeds: { type: 'string', default: '1..3' },
    frames: { type: 'string', default: '2e6' },
    episodes: { type: 'string', default: '200' },
    jobs: { type: 'string', default: '1' },
    folder: { type: 'string', default: 'runs/worlds' },
    page: { type: 'string', default: fileURLToPath(new URL('../docs/worlds.md', import.meta.url)) },
    report: { type: 'boolean', default: false },
  },
});
const worlds = values.worlds?.split(',').map(findSpec) ?? specs();
const pictures = join(dirname(values.page), 'worlds');

/** What a section says below its figures. */
const FURTHER = {
  'PacedGrid-v0': [
    'Five seeds of an agent that only adds and of one that multiplies, on 1.5 M frames: [what they show](numeracy/worlds.md), and',
    '[every run](numeracy/paced/report.md).',
    '',
    '![Reward and share of exact episodes against b](numeracy/paced/reward.png)',
    '',
  ],
};

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());

/** The studies of a world: of the agents that are drawn, and of the others. */
const folderOf = (id) => join(values.folder, id);
const othersOf = (id) => join(values.folder, 'others', id);

/** The report of a study in a world; null where there is none yet. */
async function reportOf(id, names, folder) {
  const file = join(folder, 'report.json');
  if (values.report) return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
  const agents = Object.fromEntries(names.split(',').map((agent) => [agent, { agent }]));
  const { seeds, frames } = values;
  const report = await study(
    { title: id, env: id, agents, seeds, frames, episodes: Number(values.episodes) },
    {
      ...{ folder, jobs: Number(values.jobs), signal: stop.signal },
      onFinish: ({ label }) => console.error(`${id}, ${label}: finished`),
      onNote: ({ label }, sentence) => console.error(`${id}, ${label}: ${sentence}`),
    },
  );
  if (report) return report;
  console.error('everything is saved; run the same command again to resume');
  process.exit(130);
}

/** A world's picture after a few steps: rows of equal pixels as rectangles, so that nothing is smoothed. */
function picture(spec) {
  const world = spec.create();
  world.reset({ seed: 7 });
  const { pixels, width, height } = world.render();
  world.close();
  const rectangles = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0, end = 0; x < width; x = end) {
      const colour = (at) => pixels.subarray((y * width + at) * 3, (y * width + at) * 3 + 3).join();
      for (end = x + 1; end < width && colour(end) === colour(x); end++);
      rectangles.push(
        `<rect x="${x}" y="${y}" width="${end - x}" height="1" fill="rgb(${colour(x)})"/>`,
      );
    }
  }
  const size = `width="${width}" height="${height}"`;
  return rasterise(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} shape-rendering="crispEdges">${rectangles.join('')}</svg>`,
    Math.floor(168 / width),
  );
}

/** The spec sheet at the head of a world's file; of a variant of another world, which world that is. */
function sheet(id) {
  const name = id.replace(/-v\d+$/, '').replaceAll(/([a-z])([A-Z])/g, '$1-$2');
  const file = new URL(`../env/worlds/${name.toLowerCase()}.ts`, import.meta.url);
  if (!fs.existsSync(file)) return '[TimedGrid-v0](#timedgrid-v0) with other defaults.';
  const [, comment] = /\/\*\*\n(.*?) \*\/\n/s.exec(fs.readFileSync(file, 'utf8'));
  return comment
    .replaceAll(/^ \* ?/gm, '')
    .trimEnd()
    .split('\n')
    .slice(2)
    .join('\n');
}

function optionLines({ options, resetOptions }) {
  const line = ({ name, description, ...option }) =>
    `| \`${name}\` | ${'default' in option ? `\`${JSON.stringify(option.default)}\`` : ''} | ${description} |`;
  return [
    '| option | default | |',
    '|---|---|---|',
    ...describeOptions(options)
      .filter(({ name }) => !name.endsWith('Colour'))
      .map(line),
    ...describeOptions(resetOptions).map((option) =>
      line({ ...option, description: `${option.description} (\`reset\`)` }),
    ),
  ];
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of each seed of an agent: its mean reward in training and share of exact episodes there, and that share beyond. */
function figuresOf({ runs, summary }, { label }) {
  const [least, greatest] = summary.trainingRange;
  const ofSeeds = (isWanted, figure) =>
    runs
      .filter((run) => run.agent === label)
      .map(({ rows }) => mean(rows.filter(({ number }) => isWanted(number)).map(figure)));
  const isThere = (number) => number >= least && number <= greatest;
  return {
    reward: ofSeeds(isThere, ({ meanReward }) => meanReward),
    exact: ofSeeds(isThere, ({ exact }) => exact),
    beyond: ofSeeds(
      (number) => number > greatest,
      ({ exact }) => exact,
    ),
  };
}

/** Of each agent, how well it does in training and beyond: the mean, and each seed. */
function outline(report) {
  const { runs, summary } = report;
  const [least, greatest] = summary.trainingRange;
  const symbol = summary.number.symbol;
  const greatestOfAll = runs[0].rows.at(-1).number;
  const cell = (values, format) =>
    `${format(mean(values))} (${values.map((value) => format(value).replace(/\s*%$/, '')).join(', ')})`;
  const row = (agent) => {
    const { reward, exact, beyond } = figuresOf(report, agent);
    const cells = [cell(reward, (x) => formatNumber(x, 2)), cell(exact, formatPercent)];
    return `| ${[agent.label, ...cells, cell(beyond, formatPercent)].join(' | ')} |`;
  };
  return [
    `| mean (each seed) | reward, ${symbol} = ${formatRange(least, greatest)} | exact there | exact, ${symbol} = ${formatRange(greatest + 1, greatestOfAll)} |`,
    '|---|--:|--:|--:|',
    ...summary.agents.map(row),
    '',
  ];
}

/** How exact each agent is beyond training, in each world that agents were trained in. @param found `id` and `reports` of each world */
function overview(found) {
  const trained = found.filter(({ reports }) => reports.length > 0);
  if (trained.length === 0) return [];
  const labels = new Set(
    trained.flatMap(({ reports }) =>
      reports.flatMap(({ summary }) => summary.agents.map(({ label }) => label)),
    ),
  );
  const cell = (reports, label) => {
    const report = reports.find(({ summary }) => summary.agents.some((one) => one.label === label));
    return report ? formatPercent(mean(figuresOf(report, { label }).beyond)) : '';
  };
  const title = ({ id }) => `[${id.replace(/-v\d+$/, '')}](#${id.toLowerCase()})`;
  return [
    'The share of episodes that are exact beyond training, mean over the seeds:',
    '',
    `| | ${trained.map(title).join(' | ')} |`,
    `|---|${'--:|'.repeat(trained.length)}`,
    ...[...labels].map(
      (label) =>
        `| ${[label, ...trained.map(({ reports }) => cell(reports, label))].join(' | ')} |`,
    ),
    '',
  ];
}

/** With one seed, half of the difference in reward that counts as one, as a share of the maximum. */
const LEAST = 0.025;

/** Whether the NAC helps beyond training, as far as these runs show. */
function verdict({ number, agents: found, maxReward, trainingRange }) {
  const agents = ['baseline', 'nac'].map((label) => found.find((agent) => agent.label === label));
  if (agents.includes(undefined) || !trainingRange) return [];
  const [least, greatest] = trainingRange;
  const meanOf = ({ numbers }, from, to, figure) =>
    mean(
      numbers
        .filter((row) => row.number >= from && row.number <= to)
        .map(({ reward }) => figure(reward)),
    );
  const beyond = (figure) => agents.map((agent) => meanOf(agent, greatest + 1, Infinity, figure));
  const range = `${number.symbol} = ${formatRange(greatest + 1, agents[1].numbers.at(-1).number)}`;
  const all = found.map((agent) => {
    const reward = meanOf(agent, greatest + 1, Infinity, ({ mean }) => mean);
    return `${formatNumber(reward, 2)} ${agent.label}`;
  });
  const figures = `Mean reward beyond training (${range}): ${all.join(', ')}.`;
  const isLearned = (agent) => meanOf(agent, least, greatest, (r) => r.mean) >= 0.9 * maxReward;
  if (!agents.every(isLearned)) {
    return [
      `${figures} Of what the NAC does, this says little: baseline or nac had not learned the training range itself.`,
      '',
    ];
  }
  const low = beyond((reward) => reward.interval?.[0] ?? reward.mean - LEAST * maxReward);
  const high = beyond((reward) => reward.interval?.[1] ?? reward.mean + LEAST * maxReward);
  const harm = high[1] < low[0] ? 'nac does worse than baseline' : 'no difference is certain';
  const judgement =
    low[1] > high[0] ? 'the NAC helps nac' : `it is not shown that the NAC helps nac: ${harm}`;
  const chance = agents.some(({ seeds }) => seeds.length === 1);
  return [
    `${figures} Here ${judgement}${chance ? '; with one seed of each, this may be chance' : ''}.`,
    '',
  ];
}

/** What the studies of a world found, and the page's lines of it. */
async function results(id) {
  if (FURTHER[id]) return { lines: FURTHER[id], reports: [] };
  const report = await reportOf(id, values.agents, folderOf(id));
  if (!report) return { lines: ['No agent has been trained for this page yet.', ''], reports: [] };
  const others = values.others ? await reportOf(id, values.others, othersOf(id)) : null;
  const { summary, runs, frames } = report;
  for (const [figure, name] of [
    ['learning', 'learning'],
    ['reward', 'number'],
  ]) {
    fs.copyFileSync(join(folderOf(id), `${figure}.png`), join(pictures, `${id}-${name}.png`));
  }
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const trained = (of) => of.summary.agents.map(({ label }) => label).join(', ');
  const lines = [
    `Trained with default settings on ${formatCount(frames)} frames: ${trained(report)}, each with ${seeds.length > 1 ? 'seeds' : 'seed'} ${seeds.join(', ')}.`,
    '',
    `![Reward against frames while training](worlds/${id}-learning.png)`,
    '',
    `![Reward and share of exact episodes against ${summary.number.symbol}](worlds/${id}-number.png)`,
    '',
    ...outline(report),
    ...verdict(summary),
    ...details('The numbers', [formatMarkdownTable(summary)]),
    ...(others
      ? [
          `Trained alike, with the same seeds: ${trained(others)}.`,
          '',
          ...outline(others),
          ...details('Their numbers', [formatMarkdownTable(others.summary)]),
        ]
      : []),
  ];
  return { lines, reports: others ? [report, others] : [report] };
}

const details = (title, lines) => [
  `<details><summary>${title}</summary>`,
  ...['', ...lines, '', '</details>', ''],
];

fs.mkdirSync(pictures, { recursive: true });
const found = [];
for (const spec of worlds) {
  writeOutput(join(pictures, `${spec.id}.png`), picture(spec));
  found.push({ spec, id: spec.id, ...(await results(spec.id)) });
  console.error(`${spec.id}: written`);
}
const section = ({ spec, id, lines }) => [
  ...[`## ${id}`, '', `![${id}](worlds/${id}.png)`, '', spec.summary, '', sheet(id), ''],
  ...details('Options', optionLines(spec)),
  ...lines,
];
const page = [
  '# The built-in worlds',
  '',
  'Each uses a number in a different way. `npm run worlds` trains the agents and generates this page, its pictures and its figures. Each',
  'section says what was trained, on how many frames and with which seeds. Agents were evaluated greedily in',
  `${values.episodes} episodes for each number and seed, from seeds that training never used. "Exact" and "arrived" are each world's own metrics.`,
  'The tables of numbers have the 95 % bootstrap interval of the reward over seeds. `nac-counter` needs more frames than these in some worlds:',
  '[one agent in many worlds](counter/README.md) trains it on them, and goes a hundred times beyond training.',
  '',
  ...overview(found),
  ...found.flatMap(section),
];
writeOutput(values.page, `${page.join('\n').trimEnd()}\n`);
