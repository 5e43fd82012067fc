package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.format.Sha256;
import java.util.Optional;

/** The kinds of objects that are named by their hash, and where each kind lies. */
public enum ObjectKind {
  KEY("keys/", 64 << 10),
  SNAPSHOT("snapshots/", 16 << 20),
  INDEX("index/", 16 << 20),
  LOCK("locks/", 1 << 20),
  PACK("data/", Integer.MAX_VALUE - 8);

  private final String prefix;
  private final int maxSize;

  ObjectKind(String prefix, int maxSize) {
    this.prefix = prefix;
    this.maxSize = maxSize;
  }

  /**
   * No object of the kind is read whole that is larger, as stored: three times what any tool is
   * known to write. Whoever can write into the store, without having the key, decides what lies
   * there, and it is in memory before it can be authenticated.
   */
  public int maxSize() {
    return maxSize;
  }

  /** What the keys of this kind start with, slash included. */
  public String prefix() {
    return prefix;
  }

  /** The key of an object. Packs are spread over 256 directories by their first two digits. */
  public ObjectKey key(Sha256 id) {
    String hex = id.hex();
    return new ObjectKey(this == PACK ? prefix + hex.substring(0, 2) + "/" + hex : prefix + hex);
  }

  /** The id of the object at a key; empty for what does not belong to the format. */
  public Optional<Sha256> id(ObjectKey key) {
    String name = key.value().substring(key.value().lastIndexOf('/') + 1);
    if (!Sha256.isHex(name)) {
      return Optional.empty();
    }
    Sha256 id = Sha256.parse(name);
    return key(id).equals(key) ? Optional.of(id) : Optional.empty();
  }
}
