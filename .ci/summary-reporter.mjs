// A reporter of vitest that keeps what a log loses when only its end is kept: how many tests passed and failed, and everything that broke,
// in a test or in what is done before, beside and after tests. Written as JSON to the file that CI_SUMMARY_FILE names. Files whose process died
// are named by themselves, and none of their tests is counted.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** As vitest says that the process of a file was killed by a signal. */
const DIED = /exited unexpectedly with signal/;

export default class SummaryReporter {
  /** https://vitest.dev/api/advanced/reporters#ontestrunend */
  onTestRunEnd(modules, unhandledErrors) {
    const died = modules.filter((module) => isLeftOpen(module));
    const ended = modules.filter((module) => !died.includes(module));
    const tests = ended.flatMap((module) => [...module.children.allTests()]);
    const numberOf = (state) => tests.filter((test) => test.result().state === state).length;
    const others = unhandledErrors.filter((error) => died.length === 0 || !DIED.test(error.cause?.message ?? ''));
    const summary = {
      passed: numberOf('passed'),
      failed: numberOf('failed'),
      died: died.map(fileOf),
      failures: [...ended.flatMap(failuresOf), ...others.map((error) => told('outside every test', [error]))],
    };
    writeFileSync(process.env.CI_SUMMARY_FILE, JSON.stringify(summary));
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

/** A process that was killed leaves tests as they were. */
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
