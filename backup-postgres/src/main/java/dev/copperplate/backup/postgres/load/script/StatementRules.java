package dev.copperplate.backup.postgres.load.script;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which statements a snapshot's scripts may hold: those that pg_dump and a capture write. Others,
 * such as {@code DO}, {@code ALTER SYSTEM} or a {@code COPY} from a program, are refused. That
 * keeps out what has no business there; it does not make code harmless that the objects of a
 * database bring along.
 */
public enum StatementRules {
  /** Roles and tablespaces. */
  GLOBALS,
  /** The database as such. */
  DATABASE,
  /** What is inside of it. */
  DEFINITIONS,
  /** Sequences, large objects, and rows of extensions. */
  VALUES;

  private static final Set<String> CLUSTER =
      Set.of("database", "group", "role", "system", "tablespace", "user");

  private static final Set<String> FUNCTIONS =
      Set.of("setval", "lo_create", "lo_from_bytea", "lo_put");

  private static final Set<String> SETTINGS =
      Set.of(
          "check_function_bodies",
          "client_encoding",
          "client_min_messages",
          "default_table_access_method",
          "default_tablespace",
          "default_transaction_read_only",
          "escape_string_warning",
          "idle_in_transaction_session_timeout",
          "lock_timeout",
          "row_security",
          "search_path",
          "standard_conforming_strings",
          "statement_timeout",
          "transaction_timeout",
          "xmloption");

  /** Throws {@code UNSUPPORTED} if it may not. */
  public void require(ScriptStatement statement) throws BackupException {
    if (!isSetting(statement) && !allows(statement)) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          statement.place()
              + ": a statement that no dump has in this file, which is not run. Use another"
              + " snapshot, or read the script and run it with psql");
    }
  }

  private boolean allows(ScriptStatement statement) {
    boolean changes = statement.begins("create") || statement.begins("alter");
    return switch (this) {
      case GLOBALS ->
          changes && (statement.has(1, "role") || statement.has(1, "tablespace"))
              || statement.begins("grant")
              || isDescription(statement)
              || isGrant(statement);
      case DATABASE ->
          changes && statement.has(1, "database")
              || statement.begins("alter", "role") && statement.has(3, "in", "database")
              || isDescription(statement)
              || isGrant(statement);
      case DEFINITIONS ->
          changes && isDefinition(statement)
              || statement.begins("refresh", "materialized", "view")
              || isDescription(statement)
              || isGrant(statement);
      case VALUES ->
          isCopy(statement)
              || statement.begins("alter", "large", "object")
              || isCall(statement, FUNCTIONS)
              || isDescription(statement)
              || isGrant(statement);
    };
  }

  private static boolean isSetting(ScriptStatement statement) {
    return statement.begins("set") && SETTINGS.contains(word(statement, 1)) && statement.has(2, "=")
        || statement.begins("set", "session", "authorization")
        || statement.begins("reset", "session", "authorization")
        || isCall(statement, Set.of("set_config"))
            && statement.tokens().get(5).text().equals("search_path");
  }

  private static boolean isDescription(ScriptStatement statement) {
    return statement.begins("comment", "on") || statement.begins("security", "label");
  }

  /** Of a right on something, which says what before it says whose; a membership does not. */
  private static boolean isGrant(ScriptStatement statement) {
    if (!statement.begins("grant") && !statement.begins("revoke")) {
      return false;
    }
    for (Token each : statement.tokens()) {
      if (each.is("on")) {
        return true;
      }
      if (each.is("to") || each.is("from")) {
        return false;
      }
    }
    return false;
  }

  private static boolean isDefinition(ScriptStatement statement) {
    if (statement.has(1, "subscription")) {
      return isAloof(statement);
    }
    return statement.has(1, "user", "mapping") || !CLUSTER.contains(word(statement, 1));
  }

  /** Whether a subscription stays disabled and connects nowhere. */
  private static boolean isAloof(ScriptStatement statement) {
    List<Token> tokens = statement.tokens();
    if (statement.begins("alter")) {
      return statement.isShort() && tokens.size() == 6 && statement.has(3, "owner", "to");
    }
    for (int i = 0; i < tokens.size(); i++) {
      if (statement.has(i, "with", "(", "connect", "=", "false")) {
        return true;
      }
    }
    return false;
  }

  private static String word(ScriptStatement statement, int place) {
    return statement.name(place).toLowerCase(Locale.ROOT);
  }

  /** Whether rows follow it. */
  public static boolean isCopy(ScriptStatement statement) {
    int size = statement.tokens().size();
    return statement.begins("copy") && size > 3 && statement.has(size - 2, "from", "stdin");
  }

  /** Whether it calls a function with nothing but constants. */
  private static boolean isCall(ScriptStatement statement, Set<String> functions) {
    List<Token> tokens = statement.tokens();
    if (!statement.isShort()
        || !statement.begins("select", "pg_catalog", ".")
        || !functions.contains(word(statement, 3))
        || !statement.has(4, "(")
        || tokens.size() < 7
        || !tokens.get(tokens.size() - 1).is(")")) {
      return false;
    }
    return tokens.subList(5, tokens.size() - 1).stream().allMatch(StatementRules::isConstant);
  }

  private static boolean isConstant(Token token) {
    return token.kind() == Token.Kind.TEXT
        || token.kind() == Token.Kind.NUMBER
        || token.is("-")
        || token.is(",")
        || token.is("true")
        || token.is("false");
  }
}
