// Tells a wrong path from a wrong method, for a request that no route took.
import { HttpError } from './errors.ts';
import type { Route } from './route.ts';

/** `method_not_allowed` when some route answers at this path, else `route_not_found`. */
export function methodNotAllowed(routes: readonly Route<never>[], url: string): HttpError {
  const path = url.split('?', 1)[0] ?? '';
  const known = routes.some((route) => matches(route.path, path));
  return new HttpError(known ? 'method_not_allowed' : 'route_not_found');
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, place) => part.startsWith(':') || part === given[place]);
}
