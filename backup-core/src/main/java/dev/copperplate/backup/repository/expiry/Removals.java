package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.Leases;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Removals of snapshots that are going on. Whoever removes snapshots says so by a lease first, and
 * then looks what keeps them; so whoever wants one kept puts that down first, then waits here, and
 * then looks whether the snapshot is still there.
 */
public final class Removals {

  /** How long a removal that is going on is waited for. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private Removals() {}

  /**
   * Waits until nobody removes snapshots who may not have seen what was put down before.
   *
   * @param patience how long
   * @param kept what is to stay, for the message
   * @throws BackupException {@code CONFLICT} if a removal does not end
   */
  public static void await(Leases leases, Duration patience, String kept) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (!leases.live(LeaseKind.EXPIRY).isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new BackupException(
            Kind.CONFLICT,
            "Snapshots were still being removed after "
                + patience.toSeconds()
                + " s, so it is not sure that "
                + kept
                + " stays. Try again when that has ended");
      }
      try {
        Thread.sleep(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      } catch (InterruptedException cancelled) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while others were removing snapshots");
      }
    }
  }
}
