// Says how much a run of the benchmark measures, and for how long.

export interface Settings {
  readonly merchants: number;
  /** In all, over the merchants of the uniform load; as many again for the hot one. */
  readonly customers: number;
  readonly partitions: number;
  /** At most a minute of load follows until the stack has settled. */
  readonly warmUpSecondsMin: number;
  /** Of each stretch that is measured, once it has settled. */
  readonly seconds: number;
  /** Payments per second of the ladder's rungs. */
  readonly rates: readonly number[];
  readonly backlog: number;
  /** In the books when they are full. */
  readonly growthPayments: number;
  readonly limitSeconds: number;
  readonly limitRecords: number;
}

/** As on two cores: partition counts are part of what is measured. */
const PARTITIONS = 2;

export const FULL_SETTINGS: Settings = {
  merchants: 20,
  customers: 1_000,
  partitions: PARTITIONS,
  warmUpSecondsMin: 20,
  seconds: 15,
  rates: [10, 20, 50, 100, 200, 400],
  backlog: 100_000,
  growthPayments: 1_000_000,
  limitSeconds: 5,
  limitRecords: 200_000,
};

export const QUICK_SETTINGS: Settings = {
  ...FULL_SETTINGS,
  merchants: 5,
  customers: 200,
  warmUpSecondsMin: 5,
  seconds: 5,
  rates: [50, 200],
  backlog: 20_000,
  growthPayments: 100_000,
  limitSeconds: 2,
  limitRecords: 40_000,
};
