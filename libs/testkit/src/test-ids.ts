/** Random names and ids, so that tests which run at once never meet. */

import { randomBytes } from 'node:crypto';

const ID_BYTES = 16;
const NAME_BYTES = 6;

/** An id as it stands on topics: the type's prefix and 32 hexadecimal digits, e.g. `pay_…`. */
export function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(ID_BYTES).toString('hex')}`;
}

/** A short random name of lowercase letters and digits, safe for databases, topics and groups. */
export function randomName(prefix = 'test'): string {
  return `${prefix}_${randomBytes(NAME_BYTES).toString('hex')}`;
}
