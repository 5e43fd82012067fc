package dev.copperplate.backup.testkit.filesystem;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Chooses what survives of that which was not synced. Neighbouring seeds must not choose alike, as
 * they do with {@link java.util.Random}.
 */
final class PowerFailure {

  /** Of disks: what is written or not as a whole. */
  private static final int BLOCK = 4096;

  private final SplittableRandom random;
  private final IdentityHashMap<Node, Node> survivors = new IdentityHashMap<>();

  PowerFailure(SplittableRandom random) {
    this.random = random;
  }

  /** A copy with what survives, all of which is durable. Names of one file stay so. */
  Node survivor(Node before) {
    Node known = survivors.get(before);
    if (known != null) {
      return known;
    }
    boolean metadata = !before.dirty || random.nextBoolean();
    var permissions = metadata ? before.permissions : before.durablePermissions;
    Node after =
        before.directory
            ? Node.directory(before.modified, permissions)
            : Node.file(before.modified, permissions);
    survivors.put(before, after);
    if (before.directory) {
      names(before).forEach((name, child) -> after.names.put(name, survivor(child)));
    } else {
      after.bytes = bytes(before);
      after.size = after.bytes.length;
      after.dirty = true;
    }
    after.force();
    return after;
  }

  private Map<String, Node> names(Node directory) {
    Map<String, Node> names = new TreeMap<>(directory.durableNames);
    for (Node.Change change : directory.changes) {
      if (random.nextBoolean()) {
        change.apply(names);
      }
    }
    return names;
  }

  private byte[] bytes(Node file) {
    byte[] durable = file.durableBytes;
    byte[] whole = file.content();
    if (!file.dirty) {
      return durable.clone();
    }
    return switch (random.nextInt(5)) {
      case 0 -> durable.clone();
      case 1 -> whole;
      case 2 -> Arrays.copyOf(durable, whole.length); // The length came, the bytes did not.
      case 3 -> Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      default -> holed(durable, whole);
    };
  }

  /** Each block is as it was before, or as it was to be. */
  private byte[] holed(byte[] durable, byte[] whole) {
    byte[] mixed = Arrays.copyOf(durable, whole.length);
    for (int from = 0; from < whole.length; from += BLOCK) {
      if (random.nextBoolean()) {
        System.arraycopy(whole, from, mixed, from, Math.min(BLOCK, whole.length - from));
      }
    }
    return mixed;
  }
}
