/**
 * Writes docs/worlds.md and its pictures: `npm run worlds [-- --frames 2e6 --seeds 1..3 …]`, after `npm run build`. Trains the agents
 * in each world first, where that is not done: a training that was interrupted goes on, and a finished one is not done again.
 *
 *   --worlds IDS      by default all
 *   --agents NAMES    by default baseline,nac
 *   --seeds LIST      by default 1
 *   --frames COUNT    of each training, by default 2e6
 *   --episodes COUNT  at each number, by default 200
 *   --jobs COUNT      trainings at once, a core each; by default 1
 *   --folder FOLDER   where the runs are, by default runs/worlds
 *   --page FILE       by default docs/worlds.md
 *   --report          train nothing: write of the trainings that are finished
 */

import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pathwaySpec } from '../dist/agent/pathways/index.js';
import { describeOptions, findSpec, specs } from '../dist/env/index.js';
import { formatCount, formatNumber, formatRange } from '../dist/src/common/format.js';
import { writeOutput } from '../dist/src/common/output.js';
import { count, numbers } from '../dist/src/common/parse.js';
import { compareRuns } from '../dist/src/evaluate/evaluate.js';
import { drawFigure, rasterise } from '../dist/src/render/figure.js';
import { drawLearningFigure } from '../dist/src/render/learning-figure.js';
import { formatMarkdownTable } from '../dist/src/render/table.js';
import { descriptionOf } from '../dist/src/run/description.js';
import { holdsRun, openRun, readRunMetrics } from '../dist/src/run/folder.js';
import { loadCheckpoint } from '../dist/src/run/load-checkpoint.js';
import { plan, trainAll } from '../dist/src/study/study.js';

const { values } = parseArgs({
  options: {
    worlds: { type: 'string' },
    agents: { type: 'string', default: 'baseline,nac' },
    seeds: { type: 'string', default: '1' },
    frames: { type: 'string', default: '2e6' },
    episodes: { type: 'string', default: '200' },
    jobs: { type: 'string', default: '1' },
    folder: { type: 'string', default: 'runs/worlds' },
    page: { type: 'string', default: fileURLToPath(new URL('../docs/worlds.md', import.meta.url)) },
    report: { type: 'boolean', default: false },
  },
});
const worlds = values.worlds?.split(',').map(findSpec) ?? specs();
const agents = values.agents.split(',').map((id) => pathwaySpec(id).id);
const seeds = numbers('--seeds')(values.seeds);
const frames = count('--frames')(values.frames);
const episodes = count('--episodes')(values.episodes);
const pictures = join(dirname(values.page), 'worlds');

/** The file that describes each world at its head. */
const sources = {
  'TimedGrid-v0': 'timed-grid',
  'TimedMaze-v0': 'timed-maze',
  'MovingTarget-v0': 'moving-target',
  'CountCoins-v0': 'count-coins',
  'TwoTimes-v0': 'two-times',
};

const runsIn = (id) =>
  plan(join(values.folder, id), agents, seeds, ['--env', id, '--frames', String(frames)]);

async function train() {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  const runs = worlds.flatMap(({ id }) => runsIn(id).map((run) => ({ ...run, id })));
  const jobs = count('--jobs')(values.jobs);
  for (const { id } of worlds) {
    const ofWorld = runs.filter((run) => run.id === id);
    const finished = await trainAll(
      ofWorld,
      Math.min(jobs, ofWorld.length),
      {
        onProgress: () => {},
        onNote: ({ path }, sentence) => console.error(`${path}: ${sentence}`),
        onEnd: ({ path }, now) => console.error(`${path}: ${now ? 'trained' : 'trained already'}`),
      },
      stop.signal,
    );
    if (finished) continue;
    console.error('every training is saved; the same command goes on');
    process.exit(130);
  }
}

function isFinished(path) {
  if (!holdsRun(path)) return false;
  const run = openRun(path);
  return loadCheckpoint(run, 'last').frames >= descriptionOf(run).settings.totalFrames;
}

/** A world's picture after a few steps: rows of like pixels as rectangles, so that nothing is smoothed. */
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

/** The spec sheet at the head of a world's file, without its first line. */
function sheet(id) {
  const url = new URL(`../env/worlds/${sources[id]}.ts`, import.meta.url);
  const [comment] = /\/\*\*.*?\*\//s.exec(fs.readFileSync(url, 'utf8'));
  const lines = comment.split('\n').slice(1, -1);
  return lines.map((line) => line.replace(/^ \* ?/, '')).slice(1);
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

/** With one seed, half of the difference in reward that counts as one, as a share of the maximum. */
const LEAST = 0.025;

/** Whether the NAC helps beyond training, as far as these runs can tell. */
function verdict({ number, agents: found, maxReward, trainingRange }) {
  const [baseline, nac] = ['baseline', 'nac'].map((label) =>
    found.find((agent) => agent.label === label),
  );
  if (!baseline || !nac || !trainingRange) return [];
  const [least, greatest] = trainingRange;
  const within = ({ time }) => time >= least && time <= greatest;
  const beyond = ({ time }) => time > greatest;
  const mean = (agent, holds, figure = ({ reward }) => reward.mean) => {
    const rows = agent.times.filter(holds);
    return rows.reduce((sum, row) => sum + figure(row), 0) / rows.length;
  };
  const far = [baseline, nac].map((agent) => formatNumber(mean(agent, beyond), 2));
  const last = nac.times.at(-1).time;
  const range = `${number.symbol} = ${formatRange(greatest + 1, last)}`;
  const figures = `Mean reward beyond training (${range}): ${far[0]} baseline, ${far[1]} nac.`;
  if ([baseline, nac].some((agent) => mean(agent, within) < 0.9 * maxReward)) {
    return [
      `${figures} That says little yet: not both agents had learned the training range itself.`,
      '',
    ];
  }
  const low = (row) => row.reward.interval?.[0] ?? row.reward.mean - LEAST * maxReward;
  const high = (row) => row.reward.interval?.[1] ?? row.reward.mean + LEAST * maxReward;
  const helps = mean(nac, beyond, low) > mean(baseline, beyond, high);
  const harms = mean(nac, beyond, high) < mean(baseline, beyond, low);
  const judgement = helps
    ? 'Here the NAC helps'
    : `Here the NAC does not help: ${harms ? 'the agent does worse with it' : 'the agents do alike'}`;
  const several = Math.min(baseline.seeds.length, nac.seeds.length) > 1;
  return [
    `${figures} ${judgement}${several ? '' : '; with one seed of each it may be chance'}.`,
    '',
  ];
}

async function results({ id }) {
  const runs = runsIn(id).filter(({ path }) => isFinished(path));
  if (runs.length === 0) return ['No agent has been trained here for this page yet.', ''];
  const curves = runs.map(({ path, pathway }) => ({
    label: pathway,
    points: readRunMetrics(openRun(path)).filter(({ reward }) => reward !== null),
  }));
  const { summary } = await compareRuns(
    runs.map(({ path }) => path),
    { episodes, ...(values.report && { threads: 1 }) },
  );
  const title = `${id}: learning`;
  const learning = await drawLearningFigure(curves, { title, maxReward: summary.maxReward });
  writeOutput(join(pictures, `${id}-learning.png`), rasterise(learning, 1.5));
  writeOutput(join(pictures, `${id}-number.png`), rasterise(await drawFigure(summary), 1.5));
  const trained = runs.map(({ path, pathway, seed }) => {
    const { totalFrames } = descriptionOf(openRun(path)).settings;
    return `${pathway} (seed ${seed}, ${formatCount(totalFrames)} frames)`;
  });
  return [
    `Trained with default settings: ${trained.join(', ')}.`,
    '',
    `![Reward against frames while training](worlds/${id}-learning.png)`,
    '',
    `![Reward and share of exact episodes against ${summary.number.symbol}](worlds/${id}-number.png)`,
    '',
    ...verdict(summary),
    '<details><summary>The numbers</summary>',
    '',
    formatMarkdownTable(summary),
    '',
    '</details>',
    '',
  ];
}

async function section(spec) {
  const { id, summary } = spec;
  writeOutput(join(pictures, `${id}.png`), picture(spec));
  return [
    `## ${id}`,
    '',
    `![${id}](worlds/${id}.png)`,
    '',
    summary,
    '',
    ...(sources[id] ? sheet(id).slice(1) : ['[TimedGrid-v0](#timedgrid-v0) with other defaults.']),
    '',
    '<details><summary>Options</summary>',
    '',
    ...optionLines(spec),
    '',
    '</details>',
    '',
    ...(await results(spec)),
  ];
}

if (!values.report) await train();
fs.mkdirSync(pictures, { recursive: true });
const sections = [];
for (const spec of worlds) {
  sections.push(...(await section(spec)));
  console.error(`${spec.id}: written`);
}
const page = [
  '# The worlds that ship',
  '',
  'Each is a different use of a number. This page, its pictures and its figures are made by `node bench/worlds.js`, which trains the',
  'agents first; what was trained, on how many frames and with which seeds, stands with each figure. Evaluated greedily in',
  `${episodes} episodes for each number and seed, from seeds that training never used. "Exact" and "arrived" are each world's own metrics.`,
  '',
  ...sections,
];
writeOutput(values.page, `${page.join('\n').trimEnd()}\n`);
