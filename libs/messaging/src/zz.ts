import avsc from 'avsc'; import { avroType } from './avro-types.ts'; import { catalogue } from '@paystream/topics'; import { aPaymentSettled } from '../../testkit/src/builders.ts';
const slow = avsc.types.LongType.__with({ fromBuffer: (b: Buffer) => b.readBigInt64LE(), toBuffer: (v: bigint) => { const b = Buffer.alloc(8); b.writeBigInt64LE(v); return b; }, fromJSON: BigInt, toJSON: String, isValid: (v: unknown) => typeof v === 'bigint', compare: () => 0 });
const schema = JSON.parse(catalogue['payment.settled'].schema);
const a = avsc.Type.forSchema(schema, { typeHook: (s: any) => (s === 'long' || s.type === 'long') ? slow : undefined, wrapUnions: 'never' });
const b = avroType(schema);
const bal = { accountId: 'a', kind: 'wallet', ownerId: 'x', currency: 'USD', postedChangeMinor: 1n, heldChangeMinor: 0n, postedMinor: 100000n, heldMinor: 0n, version: 5n, changed: true, counterpartyId: null };
const v = aPaymentSettled({ payment: { authorizedMinor: 1n, capturedMinor: 1n, capturePendingMinor: 0n, refundedMinor: 0n, refundPendingMinor: 0n, disputedMinor: 0n }, balances: [bal, bal] });
for (const [n, t] of [['with', a], ['own', b], ['with', a], ['own', b]] as const) { const buf = t.toBuffer(v); let s = performance.now(); for (let i = 0; i < 1e5; i++) t.toBuffer(v); const e = performance.now() - s; s = performance.now(); for (let i = 0; i < 1e5; i++) t.fromBuffer(buf); console.log(n, 'enc us', (e / 100).toFixed(2), 'dec us', ((performance.now() - s) / 100).toFixed(2)); }
