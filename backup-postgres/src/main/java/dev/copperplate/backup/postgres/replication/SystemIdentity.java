package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.postgres.Lsn;

/**
 * Which system a server is, and how far it is.
 *
 * @param system the number that {@code initdb} drew, as decimal digits
 * @param timeline the timeline on which it writes, or replays on a standby
 * @param flushed what is flushed; on a standby what was received or replayed
 */
public record SystemIdentity(String system, int timeline, Lsn flushed) {}
