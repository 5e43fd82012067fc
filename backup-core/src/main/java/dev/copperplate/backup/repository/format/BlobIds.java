package dev.copperplate.backup.repository.format;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the blobs that make up a file, in order. Immutable, and 32 bytes an id: a file of a
 * terabyte has a million of them.
 */
public final class BlobIds {

  /** The content of an empty file. */
  public static final BlobIds NONE = new BlobIds(new long[0]);

  private final long[] words;

  private BlobIds(long[] words) {
    this.words = words;
  }

  public static BlobIds of(Sha256... ids) {
    Builder builder = new Builder();
    for (Sha256 id : ids) {
      builder.add(id);
    }
    return builder.build();
  }

  public int size() {
    return words.length / Sha256.WORDS;
  }

  public boolean isEmpty() {
    return words.length == 0;
  }

  public Sha256 get(int index) {
    Objects.checkIndex(index, size());
    int at = index * Sha256.WORDS;
    return new Sha256(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }

  /** One of the four words of an id, as {@link Sha256#word}: without an object for each. */
  public long word(int index, int word) {
    Objects.checkIndex(index, size());
    return words[index * Sha256.WORDS + Objects.checkIndex(word, Sha256.WORDS)];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BlobIds ids && Arrays.equals(words, ids.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return size() + " blobs";
  }

  /** Collects ids. Not thread-safe. */
  public static final class Builder {

    private static final int FIRST_CAPACITY = 4 * Sha256.WORDS;

    private long[] words = NONE.words;
    private int used;

    public Builder add(Sha256 id) {
      return add(id.word(0), id.word(1), id.word(2), id.word(3));
    }

    Builder add(long word0, long word1, long word2, long word3) {
      if (used == words.length) {
        words = Arrays.copyOf(words, Math.max(FIRST_CAPACITY, Math.multiplyExact(used, 2)));
      }
      words[used] = word0;
      words[used + 1] = word1;
      words[used + 2] = word2;
      words[used + 3] = word3;
      used += Sha256.WORDS;
      return this;
    }

    public int size() {
      return used / Sha256.WORDS;
    }

    /** What was added so far; adding may go on. */
    public BlobIds build() {
      return used == 0 ? NONE : new BlobIds(Arrays.copyOf(words, used));
    }
  }
}
