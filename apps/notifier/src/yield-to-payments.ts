// Lets this process step back where processors are short: an e-mail can wait a second, and a payment cannot.
import { setPriority } from 'node:os';

/**
 * A tenth of the processor's time that a process of usual priority gets, as long as others ask for all of it: on two cores
 * that four others wanted whole, 40 e-mails a second still went out.
 */
const NICENESS = 10;

/** To be called before other threads are begun, which inherit it. */
export function yieldToPayments(): void {
  setPriority(NICENESS);
}
