// What each client of the lab prints: one JSON line on its standard output.
export function report(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.error ? 1 : 0;
}

export function failure(problem) {
  return { error: problem.message, status: problem.status ?? null, cause: problem.cause?.code ?? null };
}
