package dev.copperplate.benchmarks.sidebyside;

import java.nio.file.Path;
import java.util.List;

/** One of the two that are compared: the commands by which it does the work. */
interface Contender {

  /** As in the head of the table. */
  String name();

  /** What a prepared repository must be made anew for when it changes. */
  String identity();

  List<String> backup(Repository repository, Path path);

  /** The same without what matches a pattern. */
  List<String> backupWithout(String pattern, Repository repository, Path path);

  /** Restores the newest snapshot, with owners where restic restores owners. */
  List<String> restore(Repository repository, Path destination);

  /** Checks the structure and reads all data. */
  List<String> check(Repository repository);

  List<String> snapshots(Repository repository);

  List<String> prune(Repository repository);
}
