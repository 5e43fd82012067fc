package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.format.Sha256;
import java.util.Optional;

/** The kinds of objects that are named by their hash, and where each kind lies. */
public enum ObjectKind {
  KEY("keys/"),
  SNAPSHOT("snapshots/"),
  INDEX("index/"),
  LOCK("locks/"),
  PACK("data/");

  private final String prefix;

  ObjectKind(String prefix) {
    this.prefix = prefix;
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
