package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What of a snapshot is wanted. */
record Selection(
    List<Slot> slots, List<Publication> publications, List<Subscription> subscriptions) {

  /**
   * Chooses.
   *
   * @throws BackupException {@code NOT_FOUND} if a name is wanted that there is not
   */
  static Selection of(StoredObjects stored, RestoreWishes wishes) throws BackupException {
    return new Selection(
        chosen("slot", stored.slots(), Slot::name, wishes.slots()),
        chosen("publication", stored.publications(), Publication::name, wishes.publications()),
        wishes.subscriptions() ? stored.subscriptions() : List.of());
  }

  private static <T> List<T> chosen(
      String what, List<T> all, Function<T, String> name, Optional<Set<String>> wanted)
      throws BackupException {
    if (wanted.isEmpty()) {
      return all;
    }
    List<T> chosen = all.stream().filter(each -> wanted.get().contains(name.apply(each))).toList();
    Set<String> missing = new TreeSet<>(wanted.get());
    chosen.forEach(each -> missing.remove(name.apply(each)));
    if (!missing.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "The snapshot holds no "
              + what
              + " "
              + missing
              + ", but "
              + new TreeSet<>(all.stream().map(name).toList()));
    }
    return chosen;
  }
}
