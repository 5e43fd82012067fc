package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.load.script.Header;
import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says which statements of a script are run. Reads one script, in order. */
final class StatementFilter {

  /** A header has it for what is in no schema. */
  private static final String NONE = "-";

  private static final Set<String> DESCRIPTIONS = Set.of("ACL", "COMMENT", "SECURITY LABEL");

  private final DatabaseChoices choices;
  private final Set<String> schemas;
  private boolean foreign;

  StatementFilter(DatabaseChoices choices) {
    this.choices = choices;
    this.schemas = choices.schemas().stream().map(Header::shown).collect(Collectors.toSet());
  }

  /**
   * Whether it is run, as far as its script says.
   *
   * @throws BackupException {@code UNSUPPORTED} if the names in its header are such that nobody can
   *     tell
   */
  boolean wants(ScriptStatement statement) throws BackupException {
    if (statement.has(1, "session", "authorization")) {
      foreign = statement.begins("set");
      return !leavesOwners();
    }
    if (statement.begins("set", "default_tablespace")) {
      return !choices.staging();
    }
    if (isSetting(statement)) {
      return true;
    }
    return !isLeftOut(statement) && (schemas.isEmpty() || isInSchemas(statement));
  }

  private static boolean isSetting(ScriptStatement statement) {
    return statement.begins("set") || statement.begins("select", "pg_catalog", ".", "set_config");
  }

  private boolean leavesOwners() {
    return choices.staging() || choices.owner().isPresent();
  }

  private boolean isLeftOut(ScriptStatement statement) {
    boolean refresh = statement.begins("refresh");
    if (refresh && choices.parts() == DatabaseChoices.Parts.DEFINITIONS) {
      return true;
    }
    if (leavesOwners()
        && (foreign || isOwner(statement) || statement.begins("alter", "default", "privileges"))) {
      return true;
    }
    return choices.staging()
        && (statement.begins("grant")
            || statement.begins("revoke")
            || statement.begins("security", "label")
            || isOf(statement, "user", "mapping")
            || isEventTrigger(statement)
            || isReplication(statement));
  }

  private static boolean isOwner(ScriptStatement statement) {
    int size = statement.tokens().size();
    return statement.begins("alter") && statement.has(size - 3, "owner", "to");
  }

  static boolean isEventTrigger(ScriptStatement statement) {
    return isOf(statement, "event", "trigger");
  }

  private static boolean isReplication(ScriptStatement statement) {
    return isOf(statement, "publication") || isOf(statement, "subscription");
  }

  private static boolean isOf(ScriptStatement statement, String... object) {
    int place = statement.begins("comment", "on") ? 2 : 1;
    return statement.has(place, object);
  }

  private boolean isInSchemas(ScriptStatement statement) throws BackupException {
    if (isReplication(statement)) {
      return false;
    }
    List<Boolean> answers =
        statement.header().readings().stream().map(this::isInSchemas).distinct().toList();
    if (answers.size() > 1) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          statement
              + ": the name of this object looks like a part of a header, so that nobody can tell"
              + " its schema. Restore the whole database");
    }
    return answers.contains(true);
  }

  private boolean isInSchemas(Header.Reading reading) {
    if (!reading.schema().equals(NONE)) {
      return schemas.contains(reading.schema());
    }
    String name = reading.name();
    boolean described = DESCRIPTIONS.contains(reading.type());
    return switch (reading.type()) {
      case "SCHEMA" -> schemas.contains(name);
      case "EXTENSION" -> true;
      default ->
          described
              && (name.startsWith("EXTENSION ")
                  || name.startsWith("SCHEMA ") && schemas.contains(name.substring(7)));
    };
  }
}
