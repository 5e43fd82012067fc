package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.testkit.BackupSourceContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * The suite of sources. There is no logical slot here: one that is restored has lost changes, which
 * its report says, so that it is never complete.
 */
class PostgresReplicationObjectsContractTest extends BackupSourceContract {

  private static final String UNTOUCHED =
      "SELECT (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_replication_slots)";

  private static EmbeddedPostgres server;
  private static EmbeddedPostgres scratch;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.start(17);
    scratch = EmbeddedPostgres.start(17);
    ReplicationObjects.createTables(server);
    ReplicationObjects.createTables(scratch);
  }

  @BeforeEach
  void create() throws Exception {
    ReplicationObjects.dropAll(server);
    ReplicationObjects.dropAll(scratch);
    ReplicationObjects.createPublications(server);
    server.sql("SELECT pg_create_physical_replication_slot('standby', true)");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    scratch.close();
  }

  @Override
  protected BackupSource source() {
    return PostgresReplicationObjectsSource.of("shop", server.as(EmbeddedPostgres.SUPERUSER));
  }

  @Override
  protected void changeSystem() throws Exception {
    server.sql("ALTER PUBLICATION rows DROP TABLE p");
    server.sql("DROP PUBLICATION texts");
    server.sql("SELECT pg_create_physical_replication_slot('another')");
  }

  @Override
  protected Restorer restorer() {
    return PostgresReplicationObjectsRestorer.into(scratch.as(EmbeddedPostgres.SUPERUSER));
  }

  @Override
  protected boolean isScratchUntouched() throws Exception {
    return scratch.sql(UNTOUCHED).equals("0");
  }

  @Override
  protected void assertScratchEqualsSystem() throws Exception {
    assertEquals(ReplicationObjects.describe(server), ReplicationObjects.describe(scratch));
  }
}
