package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found and counted so far. Thread-safe. */
final class Found {

  static final String REMEDY =
      "Restore the damaged objects from a replica, or back up again what is still there";

  private static final int MAX_FINDINGS = 1000;

  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private long more;

  /** What may come upon a broken backup. */
  @FunctionalInterface
  interface Look {
    void look() throws IOException, InterruptedException;
  }

  /** Makes a finding of what is wrong with the backup; anything else means: could not look. */
  void looking(String subject, Look look) throws IOException, InterruptedException {
    try {
      look.look();
    } catch (BackupException failure) {
      if (!isOfTheBackup(failure)) {
        throw failure;
      }
      broken(subject, String.valueOf(failure.getMessage()));
    }
  }

  static boolean isOfTheBackup(BackupException failure) {
    return failure.kind() == Kind.MISSING
        || failure.kind() == Kind.DAMAGED
        || failure.kind() == Kind.NOT_FOUND;
  }

  void broken(String subject, String message) {
    add(Finding.error(subject, message, REMEDY));
  }

  synchronized void add(Finding finding) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(finding);
    } else {
      more++;
    }
  }

  synchronized void count(String fact, long number) {
    counts.merge(fact, number, Long::sum);
  }

  /** By what they are about: threads find them in any order. */
  synchronized List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    all.sort(Comparator.comparing(Finding::subject).thenComparing(Finding::message));
    if (more > 0) {
      all.add(Finding.error("snapshot", more + " more findings like these", REMEDY));
    }
    return all;
  }

  synchronized Map<String, String> facts() {
    Map<String, String> facts = new TreeMap<>();
    counts.forEach((fact, number) -> facts.put(fact, Long.toString(number)));
    return facts;
  }
}
