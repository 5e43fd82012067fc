package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Blobs that snapshots need and that are damaged, missing or make no sense. The first thousand are
 * kept, so that the paths that suffer can be named, and the others counted. Thread-safe.
 */
public final class BlobTroubles implements Directories.Troubles {

  private static final int KEPT = 1000;

  /** What tells blobs apart: the same id may be that of a directory and of a piece of a file. */
  public record Blob(BlobType type, Sha256 id) {

    /** How findings name it. */
    public String name() {
      return (type == BlobType.TREE ? "directory blob " : "data blob ") + id;
    }
  }

  /** What is wrong with a blob. */
  public record Trouble(Severity severity, String message, String remedy) {}

  private final Map<Blob, Trouble> kept = new LinkedHashMap<>();
  private long more;

  @Override
  public synchronized void add(
      BlobType type, Sha256 id, Severity severity, String message, String remedy) {
    Blob blob = new Blob(type, id);
    if (kept.size() < KEPT || kept.containsKey(blob)) {
      kept.merge(blob, new Trouble(severity, message, remedy), BlobTroubles::worse);
    } else {
      more++;
    }
  }

  private static Trouble worse(Trouble one, Trouble other) {
    return other.severity().compareTo(one.severity()) > 0 ? other : one;
  }

  public synchronized Map<Blob, Trouble> kept() {
    return new LinkedHashMap<>(kept);
  }

  public synchronized long more() {
    return more;
  }

  public synchronized boolean isEmpty() {
    return kept.isEmpty();
  }

  /** Whether anything is damaged or missing. */
  public synchronized boolean hasErrors() {
    return more > 0 || kept.values().stream().anyMatch(each -> each.severity() == Severity.ERROR);
  }
}
