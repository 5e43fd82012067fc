package dev.copperplate.backup;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The facts that a source noted of its snapshot, from {@code /.backup/manifest.json}. Each source
 * documents its keys.
 *
 * @param facts sorted by key
 */
public record Manifest(Map<String, String> facts) {

  /**
   * The fact by which a system says which one it is: its own identifier, such as PostgreSQL's
   * system identifier or Kafka's cluster id. Snapshots of one source whose identities differ were
   * taken of different systems, and retention asks before one of them makes room for another.
   */
  public static final String IDENTITY = "identity";

  /** Without facts: plain files, and snapshots of other tools. */
  public static final Manifest EMPTY = new Manifest(Map.of());

  public Manifest {
    SortedMap<String, String> sorted = new TreeMap<>(facts);
    facts = Collections.unmodifiableSortedMap(sorted);
  }

  public Optional<String> get(String key) {
    return Optional.ofNullable(facts.get(key));
  }
}
