package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be made again, and how.
 *
 * @param slots only these; all if empty
 * @param publications only these; all if empty
 * @param subscriptions whether these, too
 * @param consumers up to where consumers have everything, by the slot, where the caller knows
 *     better
 * @param limit how long the creation of a slot may wait
 */
public record RestoreWishes(
    Optional<Set<String>> slots,
    Optional<Set<String>> publications,
    boolean subscriptions,
    Map<String, Lsn> consumers,
    Duration limit) {

  public static final RestoreWishes DEFAULT =
      new RestoreWishes(Optional.empty(), Optional.empty(), false, Map.of(), Duration.ofMinutes(1));

  public RestoreWishes {
    consumers = Map.copyOf(consumers);
  }

  public RestoreWishes slots(Set<String> names) {
    return new RestoreWishes(Optional.of(names), publications, subscriptions, consumers, limit);
  }

  public RestoreWishes publications(Set<String> names) {
    return new RestoreWishes(slots, Optional.of(names), subscriptions, consumers, limit);
  }

  public RestoreWishes withSubscriptions() {
    return new RestoreWishes(slots, publications, true, consumers, limit);
  }

  public RestoreWishes consumerAt(String slot, Lsn position) {
    Map<String, Lsn> more = new HashMap<>(consumers);
    more.put(slot, position);
    return new RestoreWishes(slots, publications, subscriptions, more, limit);
  }

  public RestoreWishes limit(Duration most) {
    return new RestoreWishes(slots, publications, subscriptions, consumers, most);
  }
}
