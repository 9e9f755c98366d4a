// Leaves out of the environment what would lead to somebody's own services: the benchmark fills its books with what nobody asked for.

const NOT_OURS = /^KAFKA_|^SCHEMA_REGISTRY_URL$|_DATABASE_URL$|^GATEWAY_|_PORT$|^SMTP_URL$|^PERSONAL_DATA_KEY$/;

export function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !NOT_OURS.test(name)));
}
