package dev.copperplate.backup.postgres;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the files of one database of a logical snapshot with psql, in the order of their names.
 *
 * @param database whose name needs no escaping
 */
record PsqlRestorer(EmbeddedPostgres server, PgTools tools, String database) implements Restorer {

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    List<Entry> files = files(snapshot);
    List<String> steps = files.stream().map(each -> each.path().toString()).toList();
    long bytes = files.stream().mapToLong(Entry::size).sum();
    RestorePlan plan = new RestorePlan(server.jdbcUrl(database), steps, List.of(), bytes);
    context.begin(plan);
    Path script = context.scratch().resolve("script.sql");
    for (Entry each : files) {
      try (InputStream in = snapshot.open(each, ByteRange.ALL)) {
        Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      }
      run(script, each.path().toString().endsWith("/00-database.sql") ? "postgres" : database);
    }
    return RestoreReport.of(plan, files.size(), bytes);
  }

  private List<Entry> files(SnapshotReader snapshot) throws IOException {
    List<Entry> files = new ArrayList<>();
    EntryPath top = EntryPath.of("databases/" + database);
    try (Cursor<Entry> entries = snapshot.walk(top, Integer.MAX_VALUE)) {
      for (Entry each = entries.next(); each != null; each = entries.next()) {
        if (each.type() == EntryType.FILE) {
          files.add(each);
        }
      }
    }
    return files;
  }

  private void run(Path script, String into) throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put("PGDATABASE", into);
    tools
        .with(environment)
        .run(
            "psql", "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-f", script.toString())
        .orThrow();
  }
}
