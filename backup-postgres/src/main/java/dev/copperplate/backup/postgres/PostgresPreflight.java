package dev.copperplate.backup.postgres;

import dev.copperplate.backup.postgres.PreflightReport.Check;
import dev.copperplate.backup.postgres.preflight.Inspection;
import dev.copperplate.backup.postgres.preflight.Wishes;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks whether a server can be backed up as the host means to, before the first backup and again
 * from time to time: version, access, rights, settings, what stands in between, and what of the
 * cluster a backup does not hold.
 *
 * <pre>{@code
 * PreflightReport report =
 *     PostgresPreflight.of(server).slot("copperplate").chain(Duration.ofDays(1)).strict().run();
 * report.findings().forEach(each -> log.info("{}", each));
 * if (!report.passed()) {
 *   throw new IllegalStateException("Not ready for backups");
 * }
 * }</pre>
 *
 * <p>It opens a connection of the replication protocol and one for SQL, and one more for each
 * database in turn; it changes nothing. Best run as the role and from the machine of the backups.
 * Immutable.
 */
public final class PostgresPreflight {

  private final PostgresServer server;
  private final Wishes wishes;

  private PostgresPreflight(PostgresServer server, Wishes wishes) {
    this.server = server;
    this.wishes = wishes;
  }

  /** For full backups of a server. */
  public static PostgresPreflight of(PostgresServer server) {
    return new PostgresPreflight(
        server, new Wishes(Optional.empty(), Optional.empty(), OptionalLong.empty(), false));
  }

  /** For an archiver of WAL, too, with its slot, which need not exist yet. */
  public PostgresPreflight slot(String name) {
    return with(new Wishes(Optional.of(name), wishes.chain(), wishes.free(), wishes.strict()));
  }

  /** For chains of incrementals, with the longest time between two backups. */
  public PostgresPreflight chain(Duration between) {
    return with(new Wishes(wishes.slot(), Optional.of(between), wishes.free(), wishes.strict()));
  }

  /** For a target that has so many bytes left. */
  public PostgresPreflight free(long bytes) {
    return with(new Wishes(wishes.slot(), wishes.chain(), OptionalLong.of(bytes), wishes.strict()));
  }

  /** Makes an error of a {@code sslmode} below {@code verify-full} outside of this machine. */
  public PostgresPreflight strict() {
    return with(new Wishes(wishes.slot(), wishes.chain(), wishes.free(), true));
  }

  /**
   * Looks at everything that the role may see. Where SQL is refused, only at how the server is
   * reached.
   *
   * @throws dev.copperplate.backup.BackupException if the server could not be asked: {@code DENIED}
   *     for a wrong password, {@code UNAVAILABLE}
   */
  public PreflightReport run() throws IOException {
    Inspection inspection = new Inspection(server.connections(), server.address(), wishes);
    return new PreflightReport(
        inspection.run().entrySet().stream()
            .map(each -> new Check(each.getKey(), each.getValue()))
            .toList());
  }

  private PostgresPreflight with(Wishes other) {
    return new PostgresPreflight(server, other);
  }
}
