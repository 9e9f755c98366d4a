// Start, stop, signals, fault points and the small waits they need.
export { createDeferred } from './deferred.ts';
export type { Deferred } from './deferred.ts';
export { enableFaultPoints, faultPoint } from './fault-point.ts';
export { startHealthServer } from './health-server.ts';
export type { HealthServer, HealthServerOptions } from './health-server.ts';
export { runApp } from './run-app.ts';
export type { AppContext, RunAppOptions, RunningApp } from './run-app.ts';
export { waitFor } from './wait-for.ts';
export type { WaitForOptions } from './wait-for.ts';
export { whenAvailable } from './when-available.ts';
export type { WhenAvailableOptions } from './when-available.ts';
