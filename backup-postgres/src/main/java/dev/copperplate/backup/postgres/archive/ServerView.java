package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.Lsn;

/**
 * What the server said last.
 *
 * @param end how far its WAL is flushed
 * @param kept from where the slot keeps it
 */
record ServerView(Lsn end, Lsn kept) {

  static final ServerView NONE = new ServerView(Lsn.NONE, Lsn.NONE);

  long retainedBytes() {
    return kept.isBefore(end) && !kept.equals(Lsn.NONE) ? end.minus(kept) : 0;
  }

  long behind(Lsn durable) {
    return durable.isBefore(end) && !durable.equals(Lsn.NONE) ? end.minus(durable) : 0;
  }
}
