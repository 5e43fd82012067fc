package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.Content;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
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

  private final List<byte[]> parts = new ArrayList<>();
  private final List<PackEntry> entries = new ArrayList<>();
  private long size;

  void add(BlobType type, Sha256 id, SealedBlob blob) {
    entries.add(new PackEntry(type, id, size, blob.bytes().length, blob.compressedFrom()));
    parts.add(blob.bytes());
    size += blob.bytes().length;
  }

  boolean isFull() {
    return size >= TARGET_SIZE || entries.size() >= MAX_BLOBS;
  }

  /** Bytes of the blobs so far. */
  long size() {
    return size;
  }

  /** The finished pack. Nothing can be added afterwards. */
  Pack finish(Sealer sealer) {
    byte[] header = sealer.seal(PackHeader.encode(entries));
    parts.add(header);
    byte[] trailer = new byte[PackHeader.LENGTH_SIZE];
    PackHeader.encodeLength(header.length, trailer, 0);
    parts.add(trailer);
    MessageDigest digest = sha256();
    long length = 0;
    for (byte[] part : parts) {
      digest.update(part);
      length += part.length;
    }
    return new Pack(Sha256.of(digest.digest()), entries, new Parts(parts, length), size);
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
  record Pack(Sha256 id, List<PackEntry> entries, Content content, long blobBytes) {}

  private record Parts(List<byte[]> parts, long length) implements Content {
    @Override
    public InputStream open() {
      List<InputStream> streams = new ArrayList<>(parts.size());
      for (byte[] part : parts) {
        streams.add(new ByteArrayInputStream(part));
      }
      return new SequenceInputStream(Collections.enumeration(streams));
    }
  }
}
