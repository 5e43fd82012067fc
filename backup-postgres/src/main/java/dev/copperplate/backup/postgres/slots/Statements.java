package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.slots.Publication.Table;
import dev.copperplate.backup.postgres.slots.Subscription.Address;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The SQL that makes again what was there; each one statement, without a semicolon. */
final class Statements {

  /** For whoever has to put the secret there. */
  static final String NO_PASSWORD = "password='PUT_THE_PASSWORD_HERE'";

  private static final String NO_ADDRESS =
      "host='PUT_THE_HOST_HERE' dbname='PUT_THE_DATABASE_HERE' " + NO_PASSWORD;

  private Statements() {}

  static String create(Publication publication) {
    List<String> options = new ArrayList<>();
    options.add("publish = " + SqlText.literal(String.join(", ", publication.operations())));
    if (publication.viaRoot()) {
      options.add("publish_via_partition_root = true");
    }
    if (!publication.generated().equals("none")) {
      options.add("publish_generated_columns = " + SqlText.name(publication.generated()));
    }
    return "CREATE PUBLICATION "
        + SqlText.name(publication.name())
        + what(publication)
        + " WITH ("
        + String.join(", ", options)
        + ")";
  }

  private static String what(Publication publication) {
    List<String> objects = new ArrayList<>();
    publication.tables().forEach(each -> objects.add(table(each)));
    publication.schemas().forEach(each -> objects.add("TABLES IN SCHEMA " + SqlText.name(each)));
    String list = publication.allTables() ? "ALL TABLES" : String.join(", ", objects);
    return list.isEmpty() ? "" : " FOR " + list;
  }

  private static String table(Table table) {
    return "TABLE ONLY "
        + SqlText.name(table.schema(), table.name())
        + (table.columns().isEmpty() ? "" : " (" + SqlText.names(table.columns()) + ")")
        + (table.filter().isEmpty() ? "" : " WHERE (" + table.filter() + ")");
  }

  static String own(Publication publication) {
    return "ALTER PUBLICATION "
        + SqlText.name(publication.name())
        + " OWNER TO "
        + SqlText.name(publication.owner());
  }

  static String comment(Publication publication) {
    return "COMMENT ON PUBLICATION "
        + SqlText.name(publication.name())
        + " IS "
        + SqlText.literal(publication.comment());
  }

  /** In the slot's database, if it is a logical one. */
  static String create(Slot slot) {
    String name = SqlText.literal(slot.name());
    if (!slot.logical()) {
      boolean reserved = !slot.restart().equals(Lsn.NONE);
      return "SELECT pg_catalog.pg_create_physical_replication_slot("
          + name
          + ", "
          + reserved
          + ")";
    }
    return "SELECT pg_catalog.pg_create_logical_replication_slot("
        + name
        + ", "
        + SqlText.literal(slot.plugin())
        + ", false, "
        + slot.twoPhase()
        + (slot.failover() ? ", true)" : ")");
  }

  /** Neither connects nor begins to work. */
  static String create(Subscription subscription) {
    List<String> options = new ArrayList<>(List.of("connect = false", "enabled = false"));
    options.add(
        "slot_name = "
            + (subscription.slot().isEmpty() ? "NONE" : SqlText.literal(subscription.slot())));
    options.addAll(subscription.options());
    return "CREATE SUBSCRIPTION "
        + SqlText.name(subscription.name())
        + " CONNECTION "
        + SqlText.literal(connection(subscription))
        + " PUBLICATION "
        + SqlText.names(subscription.publications())
        + " WITH ("
        + String.join(", ", options)
        + ")";
  }

  private static String connection(Subscription subscription) {
    String known = subscription.connection().stream().collect(Collectors.joining(" "));
    return switch (subscription.address()) {
      case WHOLE -> known;
      case WITHOUT_SECRETS -> known + " " + NO_PASSWORD;
      case UNREADABLE, DENIED -> NO_ADDRESS;
    };
  }

  /** Whether somebody has to put something there before it can work. */
  static boolean isIncomplete(Subscription subscription) {
    return subscription.address() != Address.WHOLE;
  }

  static String own(Subscription subscription) {
    return "ALTER SUBSCRIPTION "
        + SqlText.name(subscription.name())
        + " OWNER TO "
        + SqlText.name(subscription.owner());
  }
}
