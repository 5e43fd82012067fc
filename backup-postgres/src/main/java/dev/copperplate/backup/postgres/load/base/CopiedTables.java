package dev.copperplate.backup.postgres.load.base;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.drill.DrillConnections;
import dev.copperplate.backup.postgres.drill.DrillServer;
import dev.copperplate.backup.postgres.dump.DumpChoices;
import dev.copperplate.backup.postgres.dump.LogicalCapture;
import dev.copperplate.backup.postgres.dump.TablePattern;
import dev.copperplate.backup.postgres.load.table.PartitionTree;
import dev.copperplate.backup.postgres.load.table.TableChoices;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of a copy of a cluster, with their partitions.
 *
 * @param copy the copy
 * @param choices which
 */
record CopiedTables(DrillConnections copy, TableChoices choices) implements BackupSource {

  @Override
  public SourceId id() {
    return new SourceId("postgres-logical", "copy");
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    DumpChoices dump =
        DumpChoices.DEFAULT
            .tablesAlone()
            .databases(List.of(choices.database()))
            .include(patterns())
            .connections(context.workers().size());
    new LogicalCapture(id().name(), server(), dump, writer, context).run();
  }

  private List<TablePattern> patterns() throws IOException {
    List<TablePattern> patterns = new ArrayList<>();
    try (Connection connection = copy.open(choices.database())) {
      for (TableChoices.Wanted each : choices.tables()) {
        for (String name : PartitionTree.names(each.stored(), connection)) {
          patterns.add(TablePattern.of(name));
        }
      }
    } catch (SQLException e) {
      throw Connections.failure("Looking for partitions in the copy of the cluster", e);
    }
    return patterns;
  }

  private Server server() {
    return new DrillServer(copy::open, choices.database(), copy.limit());
  }
}
