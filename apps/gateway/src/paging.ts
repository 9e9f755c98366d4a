// Says what pages have in common: how many of a list at once, where they begin, and the list object around them.
import { CLOSED, nullable } from '@paystream/http';
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

const PAGE_SIZE_DEFAULT = 10;
const PAGE_SIZE_MAX = 100;
/** One to a hundred, in decimal; a query is text. */
const PAGE_SIZE_TEXT = '^([1-9]|[1-9][0-9]|100)$';

/** `limit` of a query. */
export const Limit = Type.Optional(
  Type.String({ pattern: PAGE_SIZE_TEXT, description: `1 to ${PAGE_SIZE_MAX}, ${PAGE_SIZE_DEFAULT} when not said` }),
);

/** Query of a list that goes downwards alone. */
export const PageQuery = Type.Object(
  { limit: Limit, starting_after: Type.Optional(Type.String({ description: 'next_cursor of the page before' })) },
  CLOSED,
);
export type PageQuery = Static<typeof PageQuery>;

export function pageSizeOf(limit: string | undefined): number {
  return limit === undefined ? PAGE_SIZE_DEFAULT : Number(limit);
}

/** A page: `next_cursor` is where to go on, null at the end. */
export function pageOf(item: TSchema) {
  return Type.Object(
    { data: Type.Array(item), has_more: Type.Boolean(), next_cursor: nullable(Type.String()) },
    CLOSED,
  );
}

/** What of the rows is shown, and how the page ends: they are one more than is shown when there are more. */
export function cutPage<Row>(rows: readonly Row[], limit: number, cursorOf: (last: Row) => string) {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const next_cursor = last === undefined ? null : cursorOf(last);
  return { shown, ending: { has_more: next_cursor !== null, next_cursor } };
}

/** The page's JSON text from its items' texts. */
export function renderPage(items: readonly string[], nextCursor: string | null): string {
  return `{"data":[${items.join(',')}],"has_more":${nextCursor !== null},"next_cursor":${JSON.stringify(nextCursor)}}`;
}
