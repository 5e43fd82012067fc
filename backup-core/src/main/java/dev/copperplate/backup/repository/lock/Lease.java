package dev.copperplate.backup.repository.lock;

import dev.copperplate.backup.records.RecordKey;
import java.time.Duration;
import java.time.Instant;

/**
 * What a process has announced. It counts as long as the lock is there under which it was written,
 * so that the lease of a dead process ends with its lock.
 *
 * @param key its record
 * @param kind what is about to be done
 * @param subject what it concerns, such as a run
 * @param holder of the lock; see {@link RepositoryLock#holder}
 * @param at when it was written, by its writer's clock
 * @param longest how long others wait for its end at most; zero if they need not
 */
public record Lease(
    RecordKey key, LeaseKind kind, String subject, String holder, Instant at, Duration longest) {}
