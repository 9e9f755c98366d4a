// Shows a stored operation as it is now.
import { fromUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { operationId } from '../operation-id.ts';
import type { StoredOperation } from '../store/stored-operation.ts';
import { openDetails } from './details.ts';
import { renderOperation, withDetails } from './render.ts';

/** JSON text of the payment or top-up. */
export function showOperation(stored: StoredOperation, vault: Vault): string {
  return withDetails(stored.answer ?? renderRequested(stored), openDetails(vault, stored));
}

function renderRequested({ uuid, operation, amountMinor, currency, customerUuid, requestedAtMicros }: StoredOperation) {
  return renderOperation({
    ...{ id: operationId(operation, uuid), operation, amountMinor, currency },
    status: 'requested',
    customerId: fromUuid('cus', customerUuid),
    fees: [],
    failure: null,
    createdAtMicros: requestedAtMicros,
    settledAtMicros: null,
  });
}
