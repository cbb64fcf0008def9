// A reporter of vitest that keeps what a log loses when only its end is kept: how many tests passed and failed, and everything that broke,
// in a test or in what is done before, beside and after tests. Written as JSON to the file that TURNMETER_CI_SUMMARY names.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

export default class SummaryReporter {
  /** https://vitest.dev/api/advanced/reporters#ontestrunend */
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const numberOf = (state) => tests.filter((test) => test.result().state === state).length;
    const failures = [
      ...modules.flatMap(failuresOf),
      ...unhandledErrors.map((error) => told('outside every test', [error])),
      ...modules
        .filter((module) => isLeftOpen(module))
        .map((module) => told(`${fileOf(module)}: did not come to its end`, [])),
    ];
    const summary = { passed: numberOf('passed'), failed: numberOf('failed'), skipped: numberOf('skipped'), failures };
    writeFileSync(process.env.TURNMETER_CI_SUMMARY, JSON.stringify(summary));
  }
}

/** What broke while a file was loaded, in the hooks of its suites, and in its tests. */
function failuresOf(module) {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  const tests = [...module.children.allTests('failed')];
  return [
    ...(module.errors().length > 0 ? [told(fileOf(module), module.errors())] : []),
    ...suites.map((suite) => told(`${fileOf(module)}: around "${suite.fullName}"`, suite.errors())),
    ...tests.map((test) => told(`${fileOf(module)}: ${test.fullName}`, test.result().errors)),
  ];
}

/** A worker that was killed leaves its tests as they were. */
function isLeftOpen(module) {
  return [...module.children.allTests()].some(
    (test) => test.result().state === 'pending' && test.options.mode === 'run',
  );
}

function fileOf(module) {
  return path.relative(process.cwd(), module.moduleId);
}

/** A heading, and below it each error with what was expected and the first places it went through. */
function told(heading, errors) {
  const texts = errors.map(({ message, diff, stack = '' }) => {
    const places = stack.split('\n').filter((line) => /^\s+at /.test(line) && !/node_modules|<anonymous>/.test(line));
    return [message, diff, ...places.slice(0, 5)].filter(Boolean).join('\n').slice(0, 4_000);
  });
  return [heading, ...texts].join('\n');
}
