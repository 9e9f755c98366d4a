// Lets a test kill the process at a named place in the code; does nothing in production.

/** Replaced only by `enableFaultPoints`, so that without it a pass costs one call of an empty function. */
let passFaultPoint: (name: string) => void = () => undefined;

/** Marks a place where a crash must lose and double nothing, e.g. `accounts.after_commit`. */
export function faultPoint(name: string): void {
  passFaultPoint(name);
}

/**
 * Arms one fault point when `FAULTS=1`: the process ends by SIGKILL at the pass number `FAULT_SKIP` + 1 of `FAULT_POINT`.
 * Called by `runApp`.
 */
export function enableFaultPoints(environment: NodeJS.ProcessEnv): void {
  if (environment.FAULTS !== '1' || environment.FAULT_POINT === undefined) return;
  const armed = environment.FAULT_POINT;
  let passesLeft = Number(environment.FAULT_SKIP ?? 0);
  passFaultPoint = (name) => {
    if (name !== armed) return;
    if (passesLeft === 0) process.kill(process.pid, 'SIGKILL');
    passesLeft -= 1;
  };
}
