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

  private static final Set<String> CLUSTER = Set.of("database", "role", "tablespace", "user");

  private static final Set<String> FUNCTIONS =
      Set.of("set_config", "setval", "lo_create", "lo_from_bytea", "lo_put");

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
    return switch (this) {
      case GLOBALS -> isCluster(statement) || isGrant(statement);
      case DATABASE -> isCluster(statement) || isGrant(statement);
      case DEFINITIONS -> isDefinition(statement) || isGrant(statement);
      case VALUES -> isValue(statement) || isGrant(statement);
    };
  }

  private static boolean isSetting(ScriptStatement statement) {
    return statement.begins("set") && !statement.begins("set", "role")
        || statement.begins("reset", "session", "authorization") && statement.tokens().size() == 3
        || isCall(statement);
  }

  private static boolean isGrant(ScriptStatement statement) {
    return statement.begins("grant")
        || statement.begins("revoke")
        || statement.begins("security", "label")
        || statement.begins("comment", "on");
  }

  private static boolean isCluster(ScriptStatement statement) {
    boolean changes = statement.begins("create") || statement.begins("alter");
    return changes && CLUSTER.contains(word(statement, 1));
  }

  private static boolean isDefinition(ScriptStatement statement) {
    boolean changes = statement.begins("create") || statement.begins("alter");
    if (statement.has(1, "subscription")) {
      return isAloof(statement);
    }
    return changes && !CLUSTER.contains(word(statement, 1)) && !word(statement, 1).equals("system")
        || changes && statement.has(1, "user", "mapping")
        || statement.begins("refresh", "materialized", "view");
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

  private static boolean isValue(ScriptStatement statement) {
    return isCopy(statement) || statement.begins("alter", "large", "object");
  }

  /** Whether rows follow it. */
  public static boolean isCopy(ScriptStatement statement) {
    int size = statement.tokens().size();
    return statement.begins("copy") && size > 3 && statement.has(size - 2, "from", "stdin");
  }

  /** Whether it calls one of a few functions with nothing but constants. */
  private static boolean isCall(ScriptStatement statement) {
    List<Token> tokens = statement.tokens();
    if (!statement.isShort()
        || !statement.begins("select", "pg_catalog", ".")
        || !FUNCTIONS.contains(word(statement, 3))
        || !statement.has(4, "(")
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
