// Reads from the metrics that our apps show: how many requests they sent to the broker, and how many jobs wait.

const METRICS_MS_MAX = 5_000;
const LINE = /^kafka_requests_total\{(?<labels>[^}]*)\}\s+(?<count>\S+)$/gm;
const JOBS_LINE = /^notifier_jobs(?:\{[^}]*\})? (?<count>\S+)$/m;

/** Requests so far by API, over all apps; an app that does not answer, or counts none, counts zero. */
export async function brokerRequests(appUrls: Readonly<Record<string, string>>): Promise<Record<string, number>> {
  const texts = await Promise.all(Object.values(appUrls).map(readMetrics));
  const requests: Record<string, number> = {};
  for (const [api, count] of texts.flatMap(parseRequests)) requests[api] = (requests[api] ?? 0) + count;
  return requests;
}

/** E-mails' jobs that wait or run, by what the notifier shows; zero where it shows nothing. */
export async function waitingJobs(appUrls: Readonly<Record<string, string>>): Promise<number> {
  const texts = await Promise.all(Object.values(appUrls).map(readMetrics));
  return texts.reduce((sum, text) => sum + Number(JOBS_LINE.exec(text)?.groups?.['count'] ?? 0), 0);
}

async function readMetrics(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(METRICS_MS_MAX) });
    return await answer.text();
  } catch {
    return '';
  }
}

/** Of Prometheus' text format. */
export function parseRequests(text: string): (readonly [api: string, count: number])[] {
  return [...text.matchAll(LINE)].map(({ groups }) => {
    const api = /api="(?<api>[^"]*)"/.exec(groups?.['labels'] ?? '')?.groups?.['api'];
    return [api ?? 'unknown', Number(groups?.['count'])] as const;
  });
}
