// Says which rooms there are, in which layer each is, and which outside packages each alone may know.

/** From the inside out; a room imports from its own layer and those before it. */
export type Layer = 'domain' | 'topics' | 'adapter' | 'app';

const LAYERS: readonly Layer[] = ['domain', 'topics', 'adapter', 'app'];

const ROOM_LAYERS: Readonly<Record<string, Layer>> = {
  'libs/money': 'domain',
  'libs/payments': 'domain',
  'libs/pricing': 'domain',
  'libs/risk': 'domain',
  'libs/ledger': 'domain',
  topics: 'topics',
  'libs/config': 'adapter',
  'libs/database': 'adapter',
  'libs/http': 'adapter',
  'libs/messaging': 'adapter',
  'libs/personal-data': 'adapter',
  'libs/proof': 'adapter',
  'libs/providers': 'adapter',
  'libs/runtime': 'adapter',
  'libs/sdk': 'adapter',
  'libs/stack': 'adapter',
  'libs/telemetry': 'adapter',
  'libs/testkit': 'adapter',
};

/** Packages that one room hides from all others. */
const HIDDEN: readonly { packages: RegExp; room: string }[] = [
  { packages: /^(?:kafkajs$|@kafkajs\/)/, room: 'libs/messaging' },
  { packages: /^(?:pg$|pg-|node-pg-migrate$)/, room: 'libs/database' },
  { packages: /^(?:fastify$|fastify-|@fastify\/)/, room: 'libs/http' },
];

/** Rooms that know fewer of ours than their layer would let them, so that the proof stays independent. */
const ONLY: Readonly<Record<string, readonly string[]>> = { 'libs/proof': ['libs/money'] };

/** The room a file is in: `libs/money`, `apps/gateway`, `topics`, `tools`; null for files at the root. */
export function roomOf(path: string): string | null {
  const [first, second] = path.split('/');
  if (first === 'topics' || first === 'tools') return first;
  return (first === 'libs' || first === 'apps') && second !== undefined ? `${first}/${second}` : null;
}

/** The layer of a room; undefined for one that nobody has placed yet. */
export function layerOf(room: string): Layer | undefined {
  return room.startsWith('apps/') ? 'app' : ROOM_LAYERS[room];
}

/** Whether the rules let one room import another; they may be the same. */
export function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const only = ONLY[from];
  if (only !== undefined) return only.includes(to);
  const fromLayer = layerOf(from);
  const toLayer = layerOf(to);
  if (fromLayer === undefined || toLayer === undefined || toLayer === 'app') return false;
  return LAYERS.indexOf(toLayer) <= LAYERS.indexOf(fromLayer);
}

/** The room that alone may import an outside package; null when any may. */
export function hidingRoomOf(packageName: string): string | null {
  return HIDDEN.find(({ packages }) => packages.test(packageName))?.room ?? null;
}
