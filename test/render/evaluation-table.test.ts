import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/evaluate/summary.ts';
import { formatMarkdownTable, formatTable } from '../../src/render/evaluation-table.ts';
import { COINS, makeEvaluations } from './evaluations.ts';

const AGENTS = ['baseline', 'nac', 'nac-stateless', 'clock'];
const TIMES = [5, 12, 13, 14, 20, 30, 1000];

const summary = (agents: number, seeds: number, labels = AGENTS) =>
  summarise(makeEvaluations(labels.slice(0, agents), [1, 2, 3].slice(0, seeds), TIMES));

const widest = (table: string) => Math.max(...table.split('\n').map((line) => line.length));

describe('terminal table', () => {
  it('shows one agent and one seed', () => {
    expect(formatTable(summary(1, 1))).toMatchInlineSnapshot(`
      "        │ baseline
          t   │ reward  exact  arrives  never
      ────────┼──────────────────────────────
          5 • │   9.92   93 %      5.1    0 %
         12 • │   9.91   92 %     12.1    0 %
         13   │   9.92   93 %     13.1    0 %
         14   │   8.60   25 %     15.4    0 %
         20   │   0.36    0 %     29.5   29 %
         30   │   0.00    0 %        –  100 %
       1000   │   0.00    0 %        –  100 %

      baseline: ≥ 95 % of the maximum reward for t = 5 to 13, ≥ 90 % exact for t = 5 to 13
      • met in training (t = 5 to 12)
      200 episodes for each t, greedy policy, maximum reward 10"
    `);
  });

  it('shows of a number that counts no steps everything but the step of arrival', () => {
    const coins = { ...summary(1, 1), number: COINS };
    expect(formatTable(coins)).toMatchInlineSnapshot(`
      "        │ baseline
          k   │ reward  exact  never
      ────────┼─────────────────────
          5 • │   9.92   93 %    0 %
         12 • │   9.91   92 %    0 %
         13   │   9.92   93 %    0 %
         14   │   8.60   25 %    0 %
         20   │   0.36    0 %   29 %
         30   │   0.00    0 %  100 %
       1000   │   0.00    0 %  100 %

      baseline: ≥ 95 % of the maximum reward for k = 5 to 13, ≥ 90 % exact for k = 5 to 13
      • met in training (k = 5 to 12)
      200 episodes for each k, greedy policy, maximum reward 10"
    `);
    expect(formatMarkdownTable(coins)).toContain(
      '| k | baseline: reward | baseline: exact | baseline: never |',
    );
  });

  it('shows two agents of three seeds with their intervals', () => {
    expect(formatTable(summary(2, 3))).toMatchInlineSnapshot(`
      "        │ baseline · 3 seeds                        │ nac · 3 seeds
          t   │ reward     95 % CI  exact  arrives  never │ reward    95 % CI  exact  arrives  never
      ────────┼───────────────────────────────────────────┼─────────────────────────────────────────
          5 • │   9.94   9.92–9.96   95 %      5.1    0 % │   9.94  9.92–9.99   95 %      5.1    0 %
         12 • │   9.96  9.91–10.00   97 %     12.0    0 % │   9.96  9.96–9.97   96 %     12.0    0 %
         13   │   9.94   9.92–9.96   94 %     13.1    0 % │   9.93  9.90–9.95   93 %     13.1    0 %
         14   │   8.67   8.60–8.78   26 %     15.3    0 % │   9.63  9.61–9.67   69 %     14.4    0 %
         20   │   0.71   0.36–1.35    0 %     29.0   26 % │   7.47  7.34–7.63    8 %     22.5    0 %
         30   │   0.00   0.00–0.00    0 %        –  100 % │   3.84  3.60–4.27    1 %     36.1    2 %
       1000   │   0.00   0.00–0.00    0 %        –  100 % │   0.00  0.00–0.00    0 %        –  100 %

      baseline: ≥ 95 % of the maximum reward for t = 5 to 13, ≥ 90 % exact for t = 5 to 13
      nac: ≥ 95 % of the maximum reward for t = 5 to 14, ≥ 90 % exact for t = 5 to 13
      • met in training (t = 5 to 12)
      200 episodes for each t and seed, greedy policy, maximum reward 10"
    `);
  });

  it('leaves out columns for four agents', () => {
    expect(formatTable(summary(4, 3))).toMatchInlineSnapshot(`
      "        │ baseline · 3 seeds │ nac · 3 seeds │ nac-stateless · 3 seeds │ clock · 3 seeds
          t   │ reward  exact      │ reward  exact │ reward  exact           │ reward  exact
      ────────┼────────────────────┼───────────────┼─────────────────────────┼────────────────
          5 • │   9.94   95 %      │   9.94   95 % │   9.93   93 %           │   9.93   93 %
         12 • │   9.96   97 %      │   9.96   96 % │   9.92   93 %           │   9.96   96 %
         13   │   9.94   94 %      │   9.93   93 % │   9.97   97 %           │   9.92   92 %
         14   │   8.67   26 %      │   9.63   69 % │   8.94   35 %           │   9.99   99 %
         20   │   0.71    0 %      │   7.47    8 % │   2.83    0 %           │   9.95   96 %
         30   │   0.00    0 %      │   3.84    1 % │   0.00    0 %           │   9.93   93 %
       1000   │   0.00    0 %      │   0.00    0 % │   0.00    0 %           │   9.98   98 %

      baseline: ≥ 95 % of the maximum reward for t = 5 to 13, ≥ 90 % exact for t = 5 to 13
      nac: ≥ 95 % of the maximum reward for t = 5 to 14, ≥ 90 % exact for t = 5 to 13
      nac-stateless: ≥ 95 % of the maximum reward for t = 5 to 13, ≥ 90 % exact for t = 5 to 13
      clock: ≥ 95 % of the maximum reward for t = 5 to 1000, ≥ 90 % exact for t = 5 to 1000
      • met in training (t = 5 to 12)
      200 episodes for each t and seed, greedy policy, maximum reward 10"
    `);
  });

  it.each([
    [1, 100],
    [2, 100],
    [3, 100],
    [4, 100],
    [2, 60],
    [4, 60],
    [4, 40],
  ])('keeps %i agents within %i columns', (agents, columns) => {
    const table = formatTable(summary(agents, 3), { columns }).split('\n\n').slice(0, -1);
    expect(widest(table.join('\n'))).toBeLessThanOrEqual(columns);
    for (const label of AGENTS.slice(0, agents)) expect(table.join('\n')).toContain(label);
  });

  it('puts agents beneath one another where nothing else helps', () => {
    const tables = formatTable(summary(4, 1), { columns: 40 }).split('\n\n');
    expect(tables).toHaveLength(3);
    expect(tables[0]).toContain('baseline');
    expect(tables[0]).not.toContain('clock');
    expect(tables[1]).toContain('clock');
  });

  it('emits colours only where asked to, and then the same text', () => {
    const plain = formatTable(summary(2, 3));
    const coloured = formatTable(summary(2, 3), { colour: true });
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(coloured).not.toBe(plain);
    const text = stripVTControlCharacters(coloured).split('\n');
    expect(text.map((line) => line.trimEnd()).join('\n')).toBe(plain);
  });

  it('leaves a gap for an agent that was not evaluated at a number', () => {
    const [baseline, nac] = makeEvaluations(['baseline', 'nac'], [1], TIMES);
    const table = formatTable(
      summarise([baseline!, { ...nac!, rows: nac!.rows.filter(({ number }) => number !== 13) }]),
    );
    const line = table.split('\n').find((candidate) => candidate.startsWith('   13'));
    expect(line).toMatch(/13 +│ +9\.\d\d .*%.* │$/);
  });
});

describe('markdown table', () => {
  it('shows two agents', () => {
    expect(formatMarkdownTable(summary(2, 1))).toMatchInlineSnapshot(`
      "| t | baseline: reward | baseline: exact | baseline: arrives | baseline: never | nac: reward | nac: exact | nac: arrives | nac: never |
      | --: | --: | --: | --: | --: | --: | --: | --: | --: |
      | 5 • | 9.92 | 93 % | 5.1 | 0 % | 9.99 | 99 % | 5.0 | 0 % |
      | 12 • | 9.91 | 92 % | 12.1 | 0 % | 9.96 | 96 % | 12.0 | 0 % |
      | 13 | 9.92 | 93 % | 13.1 | 0 % | 9.93 | 94 % | 13.1 | 0 % |
      | 14 | 8.60 | 25 % | 15.4 | 0 % | 9.61 | 68 % | 14.4 | 0 % |
      | 20 | 0.36 | 0 % | 29.5 | 29 % | 7.44 | 8 % | 22.6 | 0 % |
      | 30 | 0.00 | 0 % | – | 100 % | 3.65 | 0 % | 36.3 | 2 % |
      | 1000 | 0.00 | 0 % | – | 100 % | 0.00 | 0 % | – | 100 % |

      - baseline: ≥ 95 % of the maximum reward for t = 5 to 13, ≥ 90 % exact for t = 5 to 13
      - nac: ≥ 95 % of the maximum reward for t = 5 to 14, ≥ 90 % exact for t = 5 to 13
      - • met in training (t = 5 to 12)
      - 200 episodes for each t, greedy policy, maximum reward 10"
    `);
  });
});
