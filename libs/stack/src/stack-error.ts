/** Something about the machine that its user can mend: the message says what is wrong and how, in one sentence. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
