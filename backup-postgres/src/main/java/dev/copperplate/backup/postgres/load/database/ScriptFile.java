package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.RowFile;
import dev.copperplate.backup.postgres.load.script.ScriptReader;
import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import dev.copperplate.backup.postgres.load.script.StatementRules;
import dev.copperplate.backup.postgres.load.script.Token;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * A script of a snapshot.
 *
 * @param rules which statements it may hold
 */
record ScriptFile(SnapshotReader snapshot, Entry entry, StatementRules rules) {

  /** Takes the statements of a script. */
  @FunctionalInterface
  interface Visitor {
    void visit(ScriptStatement statement, ScriptReader reader)
        throws IOException, InterruptedException;
  }

  static ScriptFile of(SnapshotReader snapshot, EntryPath path, StatementRules rules)
      throws IOException {
    Entry entry =
        snapshot
            .entry(path)
            .filter(each -> each.type() == EntryType.FILE)
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.MISSING, "The snapshot has no file " + path + ". Use another"));
    return new ScriptFile(snapshot, entry, rules);
  }

  long size() {
    return entry.size();
  }

  /** Reads it through: each of its statements is one that it may hold. */
  void read(Visitor visitor) throws IOException, InterruptedException {
    String name = entry.path().toString().substring(1).replaceAll("\\p{Cntrl}", " ");
    try (ScriptReader reader = new ScriptReader(name, snapshot.open(entry, ByteRange.ALL))) {
      for (ScriptStatement each = reader.next(); each != null; each = reader.next()) {
        rules.require(each);
        if (Thread.interrupted()) {
          throw new InterruptedException("Interrupted at " + each.place());
        }
        visitor.visit(each, reader);
      }
    }
  }

  /** Reads it without running anything, as far as it can be read so. */
  void check(Visitor visitor) throws IOException, InterruptedException {
    read(
        (statement, reader) -> {
          // What a cluster says of a database is not in the encoding of that database.
          if (isEncoding(statement) && rules != StatementRules.DATABASE) {
            reader.charset(charset(encoding(statement)));
          } else if (statement.begins("set", "standard_conforming_strings")) {
            reader.standardStrings(!statement.has(3, "off"));
          }
          visitor.visit(statement, reader);
        });
  }

  /** Whether it says in which encoding what follows is. */
  static boolean isEncoding(ScriptStatement statement) {
    return statement.begins("set", "client_encoding");
  }

  /** Which one that is. */
  static String encoding(ScriptStatement statement) throws BackupException {
    boolean whole = statement.isShort() && statement.tokens().size() == 4;
    Token value = statement.tokens().get(statement.tokens().size() - 1);
    if (whole && (value.text().equals(RowFile.UTF8) || value.text().equals(RowFile.RAW))) {
      return value.text();
    }
    throw new BackupException(
        Kind.UNSUPPORTED,
        statement.place()
            + ": an encoding that no capture writes. Restore with psql, as RESTORE.md"
            + " says");
  }

  static Charset charset(String encoding) {
    return encoding.equals(RowFile.UTF8) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
  }
}
