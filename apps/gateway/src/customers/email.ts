// Decides what may be an e-mail address: one line with one @, which no header can be smuggled into.
import { HttpError } from '@paystream/http';

const EMAIL = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;

/** Throws when it is none. Whether somebody reads it, only a message can tell. */
export function checkEmail(email: string): void {
  if (!EMAIL.test(email)) {
    throw new HttpError('parameter_invalid', { param: '/email', detail: 'Field /email is not an e-mail address.' });
  }
}
