package dev.copperplate.backup.postgres;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.testkit.RetentionPolicyContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitrary;

/** The suite of policies, with commits of which some are needed, some not, and some unknown. */
class PostgresWalRetentionContractTest extends RetentionPolicyContract {

  /** As many as a history has at most, and some more; what is behind came later. */
  private static final int KNOWN = 70;

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @Override
  protected RetentionPolicy policy() {
    SyntheticSnapshots stored = new SyntheticSnapshots();
    for (int i = 1; i <= KNOWN; i++) {
      Snapshot commit = stored.wal(NOW.plusSeconds(i), 1, i * 7919L % 1000);
      if (i % 5 == 0) {
        stored.damage(commit);
      }
    }
    stored.base(NOW.plusSeconds(30), 1, 500, 510);
    try {
      return PostgresWalRetention.of(SyntheticSnapshots.NAME)
          .recoveryWindow(Duration.ofDays(1))
          .policy(stored, NOW.plusSeconds(100));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Arbitrary<List<Snapshot>> histories() {
    return super.histories()
        .map(all -> all.stream().map(PostgresWalRetentionContractTest::wal).toList());
  }

  private static Snapshot wal(Snapshot any) {
    return new Snapshot(
        any.id(),
        any.run(),
        any.content(),
        SyntheticSnapshots.WAL,
        any.environment(),
        any.time(),
        any.state(),
        any.dependencies(),
        any.replaces(),
        any.set(),
        any.tags(),
        any.files(),
        any.bytes());
  }
}
