package dev.copperplate.backup.repository.format;

/**
 * A blob as an index file lists it. One object for all blobs of a file, because an index of a
 * million of them must not make a million objects: it says something else when the next one comes,
 * so whoever keeps it takes its {@link #entry}. Not thread-safe.
 */
public final class ListedBlob {

  private final long[] words = new long[Sha256.WORDS];
  private BlobType type = BlobType.DATA;
  private long offset;
  private long length;
  private long plainLength;

  ListedBlob() {}

  public BlobType type() {
    return type;
  }

  /** One of the four words of its id, see {@link Sha256#word}. */
  public long word(int index) {
    return words[index];
  }

  /** Where its first stored byte is in the pack, 0 to 2^32 - 1. */
  public long offset() {
    return offset;
  }

  /** How many bytes are stored, container included, 0 to 2^32 - 1. */
  public long length() {
    return length;
  }

  /** How many bytes it has after decompression, 0 to 2^32 - 1; 0 if it is not compressed. */
  public long plainLength() {
    return plainLength;
  }

  /** The same as an object of its own. */
  public PackEntry entry() {
    Sha256 id = new Sha256(words[0], words[1], words[2], words[3]);
    return new PackEntry(type, id, offset, length, plainLength);
  }

  /** Where the words of the id belong. */
  long[] words() {
    return words;
  }

  /** Says the rest of the next blob. */
  ListedBlob with(BlobType type, long offset, long length, long plainLength) {
    this.type = type;
    this.offset = offset;
    this.length = length;
    this.plainLength = plainLength;
    return this;
  }

  /** Says all of a blob that was kept. */
  ListedBlob with(PackEntry entry) {
    for (int i = 0; i < words.length; i++) {
      words[i] = entry.id().word(i);
    }
    return with(entry.type(), entry.offset(), entry.length(), entry.plainLength());
  }
}
