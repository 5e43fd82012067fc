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
    List<Slot> slots = chosen("slot", stored.slots(), Slot::name, wishes.slots());
    requireAll("slot", slots.stream().map(Slot::name).toList(), wishes.consumers().keySet());
    return new Selection(
        slots,
        chosen("publication", stored.publications(), Publication::name, wishes.publications()),
        wishes.subscriptions() ? stored.subscriptions() : List.of());
  }

  private static <T> List<T> chosen(
      String what, List<T> all, Function<T, String> name, Optional<Set<String>> wanted)
      throws BackupException {
    if (wanted.isEmpty()) {
      return all;
    }
    requireAll(what, all.stream().map(name).toList(), wanted.get());
    return all.stream().filter(each -> wanted.get().contains(name.apply(each))).toList();
  }

  private static void requireAll(String what, List<String> there, Set<String> wanted)
      throws BackupException {
    Set<String> missing = new TreeSet<>(wanted);
    there.forEach(missing::remove);
    if (!missing.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "The snapshot holds no " + what + " " + missing + ", but " + new TreeSet<>(there));
    }
  }
}
