package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.dumpfile.DumpFileCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A dump that {@code pg_dump} or {@code pg_dumpall} has written before, as a snapshot of the
 * logical source of the same name, so that retention begins with history:
 *
 * <pre>{@code
 * PostgresDumpFileSource dump = PostgresDumpFileSource.of("orders", file);
 * repository.backup(dump, BackupOptions.DEFAULT.takenAt(dump.takenAt()));
 * }</pre>
 *
 * <p>Any format of {@code pg_dump}: plain, custom, directory and tar. It is stored as it is, and
 * {@code /.backup/RESTORE.md} says how {@code psql} or {@code pg_restore} bring it back. A file
 * that gzip compressed is stored decompressed, so that what did not change from one dump to the
 * next is stored once; archives that are compressed inside gain nothing by that.
 *
 * <p>A plain dump whose last line is missing, and an archive that {@code pg_restore} cannot read to
 * its end, make a damaged snapshot; a script of something else makes a partial one. Where there is
 * no {@code pg_restore}, a finding says that nobody has looked.
 *
 * <p>Facts of the manifest: {@code kind} ({@code dump-file}), {@code format} ({@code plain}, {@code
 * custom}, {@code directory} or {@code tar}), {@code dumped-from} (version of the server, where a
 * plain dump says it). Memory: two buffers of 128 KiB. Throws {@code NOT_FOUND} if there is no dump
 * and {@code UNSUPPORTED} for other compressions. Immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/17/app-pgdump.html">PostgreSQL, "pg_dump"</a>
 */
public final class PostgresDumpFileSource implements BackupSource {

  private final SourceId id;
  private final Path dump;
  private final @Nullable Path tools;

  private PostgresDumpFileSource(SourceId id, Path dump, @Nullable Path tools) {
    this.id = id;
    this.dump = dump;
    this.tools = tools;
  }

  /**
   * A dump of a source.
   *
   * @param name as {@link PostgresLogicalSource} has it or will have it
   * @param dump a file, or the directory of {@code pg_dump --format=directory}
   */
  public static PostgresDumpFileSource of(String name, Path dump) {
    SourceId id = new SourceId(PostgresLogicalSource.TYPE, name);
    return new PostgresDumpFileSource(id, dump.toAbsolutePath().normalize(), null);
  }

  /** With the {@code pg_restore} of a directory, to see that an archive is whole. */
  public PostgresDumpFileSource tools(Path bin) {
    return new PostgresDumpFileSource(id, dump, Objects.requireNonNull(bin));
  }

  /**
   * When the dump was last written, by its file; {@code pg_dump} itself notes no time zone. A copy
   * that did not keep the time of the file says when it was copied.
   */
  public Instant takenAt() throws IOException {
    Path file = Files.isDirectory(dump) ? dump.resolve("toc.dat") : dump;
    if (!Files.exists(file)) {
      throw new BackupException(Kind.NOT_FOUND, "No dump to import: " + file);
    }
    return Files.getLastModifiedTime(file).toInstant();
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    new DumpFileCapture(id.name(), dump, tools, writer, context).run();
  }

  @Override
  public String toString() {
    return id + " from " + dump;
  }
}
