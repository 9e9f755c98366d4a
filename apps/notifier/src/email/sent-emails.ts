// Notes which e-mails were sent and records them in groups: a statement for each was most of what an e-mail cost the database.

/** A crash sends again, under the same Message-IDs, what had not been recorded: that has a bound in number and in time. */
const GROUP_SIZE_MAX = 50;
const GROUP_AGE_MS_MAX = 500;

export interface SentEmails {
  /**
   * Resolves when another may be sent, which none may while a group is being recorded.
   * @throws what kept an earlier group from being recorded
   */
  note(notificationId: string): Promise<void>;
  /** Resolves once everything noted is recorded. */
  flush(): Promise<void>;
}

/** After a group that could not be recorded no other is: the caller has to begin again from what is stored. */
export function createSentEmails(record: (notificationIds: readonly string[]) => Promise<void>): SentEmails {
  let group: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let recorded = Promise.resolve();
  let unrecordedGroups = 0;
  const recordAfter = async (earlier: Promise<void>, notificationIds: readonly string[]): Promise<void> => {
    unrecordedGroups += 1;
    await earlier;
    await record(notificationIds);
    unrecordedGroups -= 1;
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const notificationIds = group;
    group = [];
    if (notificationIds.length > 0) recorded = recordAfter(recorded, notificationIds);
    return recorded;
  };
  return {
    note: async (notificationId) => {
      group.push(notificationId);
      if (group.length >= GROUP_SIZE_MAX) return flush();
      // What goes wrong then is thrown by whatever is asked for next.
      timer ??= setTimeout(() => void flush().catch(() => undefined), GROUP_AGE_MS_MAX);
      if (unrecordedGroups > 0) await recorded;
    },
    flush,
  };
}
