// Says what operators order to end a pay-out of which no right report comes, and what is answered.
import { CLOSED, nullable } from '@paystream/http';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { words } from '../words.ts';
import { REASON_FIELDS } from './reason.ts';

export const ResolutionBody = Type.Object(
  { outcome: { ...words('paid', 'failed'), description: 'How it ended outside' }, ...REASON_FIELDS },
  CLOSED,
);
export type ResolutionBody = Static<typeof ResolutionBody>;

export const ResolutionObject = Type.Object(
  {
    object: Type.Literal('resolution'),
    payout: Type.String(),
    outcome: Type.String(),
    status: Type.String({
      description: 'awaiting_approval until as many persons say so as the amount asks for, then told',
    }),
    operators: Type.Array(Type.String(), { description: 'Who says so' }),
    operation: nullable(Type.String({ description: 'dis_…: the report on the log' })),
  },
  CLOSED,
);
