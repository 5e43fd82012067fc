package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.load.table.TableChoices;
import dev.copperplate.backup.postgres.load.table.TableName;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import java.io.IOException;

/** A table whose rows a restore removes, in a snapshot that says which one it is. */
record KeptTable(PostgresLogicalSource source, TableName table, String database)
    implements BackupSource {

  private static final String TYPE = "postgres-kept";
  private static final String DATABASE = "kept-database";
  private static final String SCHEMA = "kept-schema";
  private static final String NAME = "kept-table";

  static KeptTable of(PostgresLogicalSource source, TableName table, String database) {
    return new KeptTable(source, table, database);
  }

  /** Takes the snapshot; its run. */
  String in(BackupRepository repository) throws IOException, InterruptedException {
    BackupReport report = repository.backup(this);
    if (report.snapshot().state() != SnapshotState.COMPLETE) {
      throw new BackupException(
          Kind.DAMAGED,
          "The rows of table "
              + table
              + " could not all be kept, so they are not removed: "
              + report.findings());
    }
    return report.snapshot().run().toString();
  }

  @Override
  public SourceId id() {
    return new SourceId(TYPE, source.id().name());
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    source.capture(writer, context);
    writer.fact(DATABASE, database);
    writer.fact(SCHEMA, table.schema());
    writer.fact(NAME, table.name());
  }

  /**
   * What undoes the restore before which a snapshot was taken.
   *
   * @throws BackupException {@code INVALID} if it is none of these
   */
  static TableChoices undone(SnapshotReader snapshot, TableChoices choices) throws IOException {
    Manifest manifest = snapshot.manifest();
    if (!snapshot.snapshot().source().type().equals(TYPE)
        || manifest.get(SCHEMA).filter(TableName::isName).isEmpty()
        || manifest.get(NAME).filter(TableName::isName).isEmpty()
        || manifest.get(DATABASE).isEmpty()) {
      throw new BackupException(
          Kind.INVALID,
          "Snapshot "
              + snapshot.snapshot().run()
              + " was not taken before a restore of a table, so that nothing can be undone by it");
    }
    if (!choices.tables().isEmpty()) {
      throw new IllegalArgumentException("The snapshot says which table is put back");
    }
    TableName table = new TableName(manifest.get(SCHEMA).get(), manifest.get(NAME).get());
    return choices.database(manifest.get(DATABASE).get()).table(table).truncating();
  }
}
