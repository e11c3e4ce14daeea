import { readFileSync } from 'node:fs';

const [reportPath, exitCode] = process.argv.slice(2);
const text = readFileSync(reportPath, 'utf8');

if (text === '') {
  console.log('The tests did not run, since what comes before them failed.');
  console.log('0 passed, 1 failed');
} else {
  console.log(counts(JSON.parse(text)));
}

/** What a report of vitest's JSON reporter counts: `N passed, N failed`, and `, N skipped` where some were. */
function counts({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  const failedOutsideTests = testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  );
  const failed = numFailedTests + failedOutsideTests.length;
  const skipped = numPendingTests + numTodoTests;
  const parts = [
    `${numPassedTests} passed`,
    `${failed === 0 && exitCode !== '0' ? 1 : failed} failed`,
  ];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}
