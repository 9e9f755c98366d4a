// Publishes reference rates for tests, as the rate feed does.
import type { Messaging } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { newId } from '@paystream/payments';
import type { FxRate } from '@paystream/topics';

/** 2026-10-30, as the sample file ends. */
export const PUBLISHED_AT = 1_793_376_000_000_000n;

/** Per euro. */
export async function publishRates(
  { codec, createPublisher }: Messaging,
  rates: Pick<FxRate, 'environment' | 'quoteCurrency' | 'rate'>[],
): Promise<void> {
  const publisher = createPublisher();
  await publisher.publish(
    rates.map((rate) => {
      const value = { ...rate, baseCurrency: 'EUR', source: 'ecb', rateDate: '2026-10-30', publishedAt: PUBLISHED_AT };
      const key = `EUR:${rate.quoteCurrency}`;
      const names = { id: newId('evt'), subject: key, correlationId: key, merchantId: null, causationId: null };
      const headers = eventHeaders({
        ...names,
        ...{ type: 'fx.rate', source: 'test', producerVersion: 'test/0', environment: rate.environment },
        timeMicros: PUBLISHED_AT,
      });
      return {
        topic: 'fx.rate',
        partition: null,
        key: Buffer.from(key),
        value: codec.encode('fx.rate', value),
        headers,
      };
    }),
  );
  await publisher.close();
}
