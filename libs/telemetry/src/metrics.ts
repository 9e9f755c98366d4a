// Owns one app's metrics: named counters, gauges and histograms, and their text for Prometheus.
import {
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
  collectDefaultMetrics,
} from 'prom-client';

/** Few values each (a topic, a reason), never an id. */
export type Labels = Record<string, string | number>;

export interface Counter {
  inc(by?: number): void;
  inc(labels: Labels, by?: number): void;
}

export interface Gauge {
  set(value: number): void;
  set(labels: Labels, value: number): void;
}

export interface Histogram {
  observe(value: number): void;
  observe(labels: Labels, value: number): void;
}

/** Asking again for a name gives the same metric, so that parts of an app need not share objects. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** `read`, when given, is asked for the value at each scrape. */
  gauge(name: string, help: string, labels?: readonly string[], read?: () => number | Promise<number>): Gauge;
  /** Buckets in the name's unit; the default ones are for seconds from 1 ms to 10 s. */
  histogram(name: string, help: string, labels?: readonly string[], buckets?: readonly number[]): Histogram;
  /** Prometheus text format. */
  text(): Promise<string>;
  contentType: string;
}

const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own, with the process's own metrics (memory, event loop, garbage) and the label `app`. */
export function createMetrics({ app }: { app: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const known = new Map<string, Counter | Gauge | Histogram>();

  function once<M extends Counter | Gauge | Histogram>(name: string, create: () => M): M {
    const metric = known.get(name) ?? create();
    known.set(name, metric);
    // A name belongs to one kind of metric; prom-client refuses it for another.
    return metric as M;
  }

  return {
    counter: (name, help, labels = []) =>
      once(name, () => new PromCounter({ name, help, labelNames: [...labels], registers })),
    gauge: (name, help, labels = [], read) =>
      once(name, () => new PromGauge({ name, help, labelNames: [...labels], registers, ...reading(read) })),
    histogram: (name, help, labels = [], buckets = SECONDS_BUCKETS) =>
      once(name, () => new PromHistogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers })),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function reading(read: (() => number | Promise<number>) | undefined) {
  if (read === undefined) return {};
  return {
    async collect(this: { set(value: number): void }) {
      this.set(await read());
    },
  };
}
