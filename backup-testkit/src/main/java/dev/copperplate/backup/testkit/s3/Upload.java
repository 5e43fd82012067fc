package dev.copperplate.backup.testkit.s3;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An upload in parts that is under way. Guarded by its bucket. */
final class Upload {

  /** One part; a part that is uploaded again replaces the earlier one. */
  record Part(byte[] content, String tag, StoredChecksum checksum, Instant modified) {}

  private final String id;
  private final String key;
  private final Instant initiated;
  private final Map<String, String> headers;
  private final LockSettings lock;
  private final @Nullable ChecksumAlgorithm algorithm;
  private final boolean wholeChecksum;
  private final NavigableMap<Integer, Part> parts = new TreeMap<>();

  /**
   * @param algorithm of the checksums of parts; null for none in particular
   * @param wholeChecksum whether the object gets a checksum of its content, and not one of the
   *     checksums of its parts
   */
  Upload(
      String id,
      String key,
      Instant initiated,
      Map<String, String> headers,
      LockSettings lock,
      @Nullable ChecksumAlgorithm algorithm,
      boolean wholeChecksum) {
    this.id = id;
    this.key = key;
    this.initiated = initiated;
    this.headers = Map.copyOf(headers);
    this.lock = lock;
    this.algorithm = algorithm;
    this.wholeChecksum = wholeChecksum;
  }

  String id() {
    return id;
  }

  String key() {
    return key;
  }

  Instant initiated() {
    return initiated;
  }

  String storageClass() {
    return headers.getOrDefault(StoredObject.STORAGE_CLASS, "STANDARD");
  }

  Map<String, String> headers() {
    return headers;
  }

  LockSettings lock() {
    return lock;
  }

  @Nullable ChecksumAlgorithm algorithm() {
    return algorithm;
  }

  /** Whether each part has to be named with its checksum in the end. */
  boolean wantsChecksumsOfParts() {
    return algorithm != null && !wholeChecksum;
  }

  String checksumType() {
    return wholeChecksum ? "FULL_OBJECT" : "COMPOSITE";
  }

  NavigableMap<Integer, Part> parts() {
    return Collections.unmodifiableNavigableMap(parts);
  }

  void add(int number, Part part) {
    parts.put(number, part);
  }

  /** Joins parts, in the order given. */
  StoredObject join(List<Part> chosen) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    ByteArrayOutputStream tags = new ByteArrayOutputStream();
    for (Part part : chosen) {
      content.writeBytes(part.content());
      tags.writeBytes(Digests.md5(part.content()));
    }
    byte[] whole = content.toByteArray();
    String tag = Digests.hex(Digests.md5(tags.toByteArray())) + '-' + chosen.size();
    return new StoredObject(whole, tag, headers, checksum(whole, chosen));
  }

  private StoredChecksum checksum(byte[] whole, List<Part> chosen) {
    if (algorithm == null) {
      return StoredChecksum.unasked(whole);
    }
    return wholeChecksum ? StoredChecksum.of(algorithm, whole) : composite(algorithm, chosen);
  }

  private static StoredChecksum composite(ChecksumAlgorithm algorithm, List<Part> chosen) {
    ByteArrayOutputStream checksums = new ByteArrayOutputStream();
    for (Part part : chosen) {
      checksums.writeBytes(Base64.getDecoder().decode(part.checksum().value()));
    }
    String value = algorithm.of(checksums.toByteArray()) + '-' + chosen.size();
    return new StoredChecksum(algorithm, value, false);
  }
}
