/** Adds up reports of vitest's JSON reporter: what failed, and last `N passed, N failed`, and `, N skipped` where some were. */

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [exitCode, ...paths] = process.argv.slice(2);
const reports = paths.filter(existsSync).map((path) => JSON.parse(readFileSync(path, 'utf8')));

if (reports.length === 0) console.log('The tests did not run: an earlier step failed.');
for (const name of reports.flatMap(failures)) console.log(`Failed: ${name}`);
console.log(counts(reports));

/** The tests that failed, each with its file and the first line of what went wrong. */
function failures({ testResults }) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(
        ({ fullName, failureMessages: [message = ''] }) =>
          `${relative('.', name)} > ${fullName}: ${message.split('\n', 1)[0]}`,
      ),
  );
}

function counts(all) {
  const sum = (of) => all.reduce((total, report) => total + of(report), 0);
  const failed = sum(({ numFailedTests }) => numFailedTests) + sum(failedOutsideTests);
  const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
  const parts = [
    `${sum(({ numPassedTests }) => numPassedTests)} passed`,
    `${failed === 0 && exitCode !== '0' ? 1 : failed} failed`,
  ];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}

/** Files that failed without a failing test: they could not be loaded. */
function failedOutsideTests({ testResults }) {
  return testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
}
