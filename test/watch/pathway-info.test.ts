import { expect, test } from 'vitest';
import { pathwaySpec, registerPathway } from '../../agent/pathways/registry.ts';
import { pathwayInfo } from '../../src/watch/pathway-info.ts';

test('a pathway brings its label, summary and colour to the page', () => {
  const given = { id: 'waves', label: 'Fourier features', colour: '#123456' };
  registerPathway({ ...pathwaySpec('baseline'), ...given, summary: 'The LSTM gets waves.' });
  expect(pathwayInfo('waves')).toEqual({
    ...{ pathway: 'waves', pathwayLabel: 'Fourier features', colour: '#123456' },
    pathwaySummary: 'The LSTM gets waves.',
  });
  expect(pathwayInfo('unknown')).toEqual({
    ...{ pathway: 'unknown', pathwayLabel: null, pathwaySummary: null, colour: null },
  });
});
