// Reads the OpenAPI document of a listener, and holds answers against it.
import { Compile } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { expect } from 'vitest';
import type { Client, Reply } from './client.ts';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: TSchema }> }>;
}

export interface Document {
  /** `GET /v1/payments/{id}`, sorted. */
  routes: string[];
  /** That the answer is of exactly the schema that the document has for its status. */
  expectAsPromised(method: string, path: string, reply: Reply): void;
}

export async function readDocument(client: Client): Promise<Document> {
  // An OpenAPI document has this member.
  const { paths } = (await client.get('/openapi.json')).body as { paths: Record<string, Record<string, Operation>> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  return {
    routes: routes.toSorted(),
    expectAsPromised: (method, path, reply) => {
      const { responses } = paths[path]?.[method] ?? { responses: {} };
      const response = responses[String(reply.status)] ?? responses['default'];
      const [contentType, media] = Object.entries(response?.content ?? {})[0] ?? [];
      expect(String(reply.headers['content-type'])).toContain(contentType ?? 'nothing');
      const check = Compile(media?.schema ?? { not: {} });
      const values = Array.isArray(reply.body) ? reply.body : [reply.body];
      for (const value of values) {
        const where = `${method} ${path} ${reply.status}: ${JSON.stringify(check.Errors(value))} ${JSON.stringify(value)}`;
        expect(check.Check(value), where).toBe(true);
      }
    },
  };
}
