package dev.copperplate.backup.postgres;

import java.time.Duration;

/**
 * How far an archiver is behind its server. What only the server knows is as it said last; while it
 * cannot be reached, it may be more.
 *
 * @param durable up to where the WAL is in the repository; {@link Lsn#NONE} if nothing is
 * @param bytes how many bytes the server has flushed that are not durable
 * @param time since when the oldest of what was received waits to be durable; zero if all is
 * @param durableAge up to how long ago everything is durable: what a disaster now would cost
 * @param retainedBytes how much WAL the server keeps because of the slot, partly needed by itself
 *     too
 * @param spoolBytes how much was received that the spool still holds
 * @param streaming whether WAL is being received
 */
public record WalLag(
    Lsn durable,
    long bytes,
    Duration time,
    Duration durableAge,
    long retainedBytes,
    long spoolBytes,
    boolean streaming) {}
