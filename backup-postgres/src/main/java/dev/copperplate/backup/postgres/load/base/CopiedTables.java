package dev.copperplate.backup.postgres.load.base;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.drill.DrillConnections;
import dev.copperplate.backup.postgres.dump.DumpChoices;
import dev.copperplate.backup.postgres.dump.LogicalCapture;
import dev.copperplate.backup.postgres.dump.TablePattern;
import dev.copperplate.backup.postgres.load.table.TableChoices;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tables of a copy of a cluster, with their partitions.
 *
 * @param copy the copy
 * @param choices which
 */
record CopiedTables(DrillConnections copy, TableChoices choices) implements BackupSource {

  private static final String PARTITIONS =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
      FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) t
        JOIN pg_catalog.pg_class c ON c.oid = t.relid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\
      """;

  @Override
  public SourceId id() {
    return new SourceId("postgres-logical", "copy");
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    DumpChoices dump =
        DumpChoices.DEFAULT
            .dataOnly()
            .databases(List.of(choices.database()))
            .include(patterns())
            .connections(context.workers().size());
    new LogicalCapture(id().name(), server(), dump, writer, context).run();
  }

  private List<TablePattern> patterns() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Connection connection = copy.open(choices.database());
        PreparedStatement partitions = connection.prepareStatement(PARTITIONS)) {
      for (TableChoices.Wanted each : choices.tables()) {
        names.add(each.stored().sql());
        partitions.setString(1, each.stored().sql());
        add(partitions, names);
      }
    } catch (SQLException e) {
      throw Connections.failure("Looking for partitions in the copy of the cluster", e);
    }
    return names.stream().map(TablePattern::of).toList();
  }

  private static void add(PreparedStatement partitions, Set<String> names) throws SQLException {
    try (ResultSet rows = partitions.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
  }

  private Server server() {
    return new CopiedServer(copy, choices.database());
  }
}
