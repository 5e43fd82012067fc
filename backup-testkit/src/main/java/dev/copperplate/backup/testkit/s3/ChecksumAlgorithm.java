package dev.copperplate.backup.testkit.s3;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The checksums of the headers {@code x-amz-checksum-*}, as <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">
 * AWS</a> has them: base64 of the value with the most significant byte first.
 */
enum ChecksumAlgorithm {
  CRC32(4),
  CRC32C(4),
  CRC64NVME(8),
  SHA1(20),
  SHA256(32);

  static final String HEADER_PREFIX = "x-amz-checksum-";

  private final int bytes;

  ChecksumAlgorithm(int bytes) {
    this.bytes = bytes;
  }

  /** The name of the header that carries it. */
  String header() {
    return HEADER_PREFIX + name().toLowerCase(Locale.ROOT);
  }

  /** The name of the XML element that carries it. */
  String element() {
    return "Checksum" + name();
  }

  /** Whether checksums of parts can be joined to the one of the whole. */
  boolean isCyclic() {
    return bytes <= 8;
  }

  static Optional<ChecksumAlgorithm> ofHeader(String header) {
    return Arrays.stream(values()).filter(each -> each.header().equals(header)).findFirst();
  }

  static ChecksumAlgorithm ofName(String name) {
    return Arrays.stream(values())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> S3Error.invalidRequest("Checksum algorithm provided is unsupported. " + name));
  }

  boolean isValue(String value) {
    try {
      return Base64.getDecoder().decode(value).length == bytes;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  String of(byte[] content) {
    return Base64.getEncoder().encodeToString(compute(content));
  }

  private byte[] compute(byte[] content) {
    return switch (this) {
      case CRC32 -> cyclic(new CRC32(), content);
      case CRC32C -> cyclic(new CRC32C(), content);
      case CRC64NVME -> cyclic(new Crc64(), content);
      case SHA1 -> Digests.of("SHA-1").digest(content);
      case SHA256 -> Digests.of("SHA-256").digest(content);
    };
  }

  private byte[] cyclic(Checksum checksum, byte[] content) {
    checksum.update(content, 0, content.length);
    byte[] value = ByteBuffer.allocate(8).putLong(checksum.getValue()).array();
    return Arrays.copyOfRange(value, 8 - bytes, 8);
  }
}
