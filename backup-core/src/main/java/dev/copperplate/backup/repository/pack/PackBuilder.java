package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.Content;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.run.Buffers;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A pack that is being assembled in memory, of blobs of one type. Not thread-safe. */
final class PackBuilder {

  /** A pack is finished when it has reached this; restic's own figure. */
  static final int TARGET_SIZE = 16 << 20;

  /** Of tiny blobs so many would fit that neither the header nor the memory could hold them. */
  static final int MAX_BLOBS = 1 << 16;

  /** A pack is kept in pieces of this size, so that one that is not full takes what it holds. */
  private static final int SEGMENT = (256 << 10) - Buffers.HEADER;

  private final Buffers buffers;
  private final List<byte[]> segments = new ArrayList<>();
  private final List<PackEntry> entries = new ArrayList<>();
  private long size;

  /**
   * @param buffers where the memory of the pack is taken from, and goes to once it is stored
   */
  PackBuilder(Buffers buffers) {
    this.buffers = buffers;
  }

  /** Copies a blob to the end of the pack. */
  void add(BlobType type, Sha256 id, SealedBlob blob) {
    entries.add(new PackEntry(type, id, size, blob.length(), blob.compressedFrom()));
    append(blob.bytes(), blob.length());
  }

  boolean isFull() {
    return size >= TARGET_SIZE || entries.size() >= MAX_BLOBS;
  }

  /** The finished pack. Nothing can be added afterwards. */
  Pack finish(Sealer sealer) {
    long blobBytes = size;
    byte[] header = sealer.seal(PackHeader.encode(entries));
    append(header, header.length);
    byte[] trailer = new byte[PackHeader.LENGTH_SIZE];
    PackHeader.encodeLength(header.length, trailer, 0);
    append(trailer, trailer.length);
    return new Pack(hash(), entries, new Segments(segments, size), blobBytes);
  }

  private void append(byte[] bytes, int length) {
    int done = 0;
    while (done < length) {
      int used = (int) (size % SEGMENT);
      if (used == 0) {
        segments.add(buffers.take(SEGMENT));
      }
      int count = Math.min(length - done, SEGMENT - used);
      System.arraycopy(bytes, done, segments.get(segments.size() - 1), used, count);
      done += count;
      size += count;
    }
  }

  private Sha256 hash() {
    MessageDigest digest = sha256();
    long left = size;
    for (byte[] segment : segments) {
      digest.update(segment, 0, (int) Math.min(SEGMENT, left));
      left -= SEGMENT;
    }
    return Sha256.of(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  /**
   * A finished pack.
   *
   * @param id its name
   * @param entries what it holds
   * @param content its bytes
   * @param blobBytes the bytes of its blobs alone
   */
  record Pack(Sha256 id, List<PackEntry> entries, Segments content, long blobBytes) {}

  /**
   * The bytes of a pack.
   *
   * @param segments full, but for the last
   */
  record Segments(List<byte[]> segments, long length) implements Content {

    @Override
    public InputStream open() {
      List<InputStream> streams = new ArrayList<>(segments.size());
      long left = length;
      for (byte[] segment : segments) {
        streams.add(new ByteArrayInputStream(segment, 0, (int) Math.min(SEGMENT, left)));
        left -= SEGMENT;
      }
      return new SequenceInputStream(Collections.enumeration(streams));
    }

    /** Gives the memory back; to be called once, when nobody reads the content any more. */
    void release(Buffers buffers) {
      segments.forEach(buffers::give);
    }
  }
}
