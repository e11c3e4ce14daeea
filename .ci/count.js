/** Adds up reports of vitest's JSON reporter: what failed, and last `N passed, N failed`, and `, N skipped` where some were. */

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [exitCode, ...paths] = process.argv.slice(2);
const reports = paths.filter(existsSync).map((path) => JSON.parse(readFileSync(path, 'utf8')));

if (reports.length === 0) console.log('The tests did not run: an earlier step failed.');
const failures = reports.flatMap(failuresOf);
for (const failure of failures) console.log(`Failed: ${failure}`);
console.log(counts());

/** What failed in a report: tests, and files that could not be loaded; each with the first line of what went wrong. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative('.', name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`];
    return failed.map(
      (test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`,
    );
  });
}

function firstLine(text = '') {
  return text.split('\n', 1)[0];
}

function counts() {
  const sum = (of) => reports.reduce((total, report) => total + of(report), 0);
  const failed = failures.length === 0 && exitCode !== '0' ? 1 : failures.length;
  const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
  const parts = [`${sum((report) => report.numPassedTests)} passed`, `${failed} failed`];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}
