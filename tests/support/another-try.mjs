/** A reporter of Vitest that names what passed only at another try: it has to be mended. */
class AnotherTry {
  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky !== true) return;
    const { project, module, fullName } = test;
    console.log(
      `  passed at another try: ${project.name}, ${module.relativeModuleId}: ${fullName}`,
    );
  }
}

// biome-ignore lint/style/noDefaultExport: Vitest takes a reporter by its default export
export default AnotherTry;
