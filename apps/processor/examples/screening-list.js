// An example of a screening: refuses who is on a list of ids. Start the processor with
//
//   PROCESSOR_SCREENING_MODULE=apps/processor/examples/screening-list.js SCREENED_IDS=cus_…,mer_…
//
// and give a merchant a rule of kind `screening`. The module exports `screening`:
//
// - `version`: a bigint that grows with every change of what is answered; it is on each event that was decided by it.
// - `screen(requests, signal)`: one answer for each request, in their order: `{ decision: 'allow' | 'refuse', reasonCode }`,
//   where `reasonCode` is a code or null. A request has `operationId`, `operation`, `environment`, `merchantId`,
//   `customerId`, `payeeIds`, `amountMinor` (a bigint), `currency`, `country` and `requestedAt`; never a person.
//
// All requests of a batch are asked about at once. An error, an answer after 2 s (`signal` is aborted then) or one that does
// not fit makes the same requests be asked about again later, and their partition waits: nothing is guessed. After a crash a
// request may be asked about that has been answered: what counts is the answer that came onto payment.processed first.

const listed = new Set((process.env.SCREENED_IDS ?? '').split(',').filter((id) => id !== ''));

export const screening = {
  version: 1n,

  async screen(requests) {
    return requests.map(({ customerId, merchantId, payeeIds }) => {
      const isListed = [customerId, merchantId, ...payeeIds].some((id) => listed.has(id));
      return isListed ? { decision: 'refuse', reasonCode: 'listed' } : { decision: 'allow', reasonCode: null };
    });
  },
};
