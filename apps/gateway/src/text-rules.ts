// Decides which free text is taken: none with a card number in it, none that could not be written again as it came.
import { HttpError } from '@paystream/http';
import { looksLikeCardNumber } from '@paystream/personal-data';

/** In UTF-16 units. A schema cannot say it of a name. */
const METADATA_NAME_LENGTH_MAX = 40;

/** C0 controls but tab and line ends: no person types them, and NUL has cut strings short elsewhere. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Throws when the text of the field at `param` is refused. */
export function checkText(text: string, param: string): void {
  if (!text.isWellFormed() || CONTROL.test(text)) {
    throw new HttpError('parameter_invalid', { param, detail: `Field ${param} has a character that is not text.` });
  }
  if (looksLikeCardNumber(text)) {
    throw new HttpError('card_number_refused', { param, detail: `Field ${param} looks like it holds a card number.` });
  }
}

/** Throws when a name or a text of the metadata is refused. */
export function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(metadata)) {
    if (name.length > METADATA_NAME_LENGTH_MAX) {
      const detail = `A name in the metadata has at most ${METADATA_NAME_LENGTH_MAX} characters.`;
      throw new HttpError('parameter_invalid', { param: '/metadata', detail });
    }
    checkText(name, '/metadata');
    checkText(text, '/metadata');
  }
}
