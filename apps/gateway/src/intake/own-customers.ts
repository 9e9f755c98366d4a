// Decides whether the customers a claim names are the merchant's own.
import { HttpError } from '@paystream/http';
import { toUuid } from '@paystream/payments';
import type { CustomerOwner } from '../store/find-customers.ts';
import type { Claim } from './claim.ts';

/** Uuids of the customers it names. */
export function ownedBy({ customerId, payees }: Claim): string[] {
  const uuids = customerId === null ? [] : [toUuid(customerId)];
  return payees.length === 0 ? uuids : [...uuids, ...payees.map((id) => toUuid(id))];
}

/** The refusal of the first that is nobody's or another merchant's; undefined when all are the merchant's own. */
export function checkOwners(claim: Claim, owners: ReadonlyMap<string, CustomerOwner>): HttpError | undefined {
  const { customerId, payees, merchantUuid, environment } = claim;
  const isOwn = (id: string) => {
    const owner = owners.get(toUuid(id));
    return owner !== undefined && owner.merchantUuid === merchantUuid && owner.environment === environment;
  };
  if (customerId !== null && !isOwn(customerId)) return new HttpError('customer_unknown', { param: '/customer' });
  const stranger = payees.findIndex((id) => !isOwn(id));
  return stranger === -1 ? undefined : new HttpError('customer_unknown', { param: `/payees/${stranger}/customer` });
}
