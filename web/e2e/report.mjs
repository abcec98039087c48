// What was looked at and what was wrong, for one line at the end.
const problems = new Set();
let nChecks = 0;

export function check(isTrue, message) {
  nChecks += 1;
  if (!isTrue) problems.add(message);
  return Boolean(isTrue);
}

export function problem(message) {
  problems.add(message);
}

/** Prints the problems and the summary; the exit code says whether there were any. */
export function summarize(seconds) {
  for (const message of problems) console.error(`- ${message}`);
  console.log(`page journey: ${nChecks} checks, ${problems.size} problems, ${seconds.toFixed(0)} s`);
  return problems.size > 0 ? 1 : 0;
}
