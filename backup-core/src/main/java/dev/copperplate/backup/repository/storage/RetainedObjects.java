package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import java.time.Instant;
import java.util.Arrays;

/**
 * Until when this process knows objects to be retained, because it has seen to it: about 50 bytes
 * an object. Stores whose listings do not tell need not be asked about each one at each run.
 * Thread-safe.
 *
 * <p>It is in memory on purpose. Written down it would have to be believed, and whoever has the key
 * could write down what is not so.
 */
public final class RetainedObjects {

  /** Beyond it everything is forgotten, and seen to once more: 50 MB. */
  private static final int MOST = 1_000_000;

  private BlobIndex names = new BlobIndex();
  private long[] seconds = new long[64];

  /** Remembers. */
  public synchronized void note(Sha256 name, Instant until) {
    if (names.packs() >= MOST) {
      names = new BlobIndex();
      seconds = new long[64];
    }
    int number = names.addPack(name);
    if (number >= seconds.length) {
      seconds = Arrays.copyOf(seconds, 2 * seconds.length);
    }
    // Rounded down: to know less is safe.
    seconds[number] = until.getEpochSecond();
  }

  /** Until when an object is known to be retained; the distant past if that is not known. */
  public synchronized Instant until(Sha256 name) {
    int number = names.packNumber(name).orElse(-1);
    return number < 0 ? Instant.MIN : Instant.ofEpochSecond(seconds[number]);
  }
}
