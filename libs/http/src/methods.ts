// Says which methods are taken at a path, which tells a wrong path from a wrong method when no route took a request.
import type { Route } from './route.ts';

/** None: no route answers at this path. */
export function methodsAt(routes: readonly Route<never>[], url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  return routes.filter((route) => matches(route.path, path)).map(({ method }) => method);
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, place) => part.startsWith(':') || part === given[place]);
}
