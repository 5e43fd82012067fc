package dev.copperplate.backup.testkit.s3;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a version and what was said of it. Immutable, and may be shared by many versions.
 *
 * @param content not copied: nobody writes into it
 * @param tag the entity tag, without quotes
 * @param headers what GET gives back: content type, metadata and the like, by lower-case name
 * @param checksum what was given with it or computed for it
 */
record StoredObject(
    byte[] content, String tag, Map<String, String> headers, @Nullable StoredChecksum checksum) {

  static final String STORAGE_CLASS = "x-amz-storage-class";

  StoredObject {
    headers = Map.copyOf(headers);
  }

  /** One that came in one piece. */
  static StoredObject whole(
      byte[] content, Map<String, String> headers, @Nullable StoredChecksum checksum) {
    return new StoredObject(content, Digests.hex(Digests.md5(content)), headers, checksum);
  }

  String quotedTag() {
    return '"' + tag + '"';
  }

  void describeChecksum(XmlWriter document) {
    if (checksum != null) {
      document.element(checksum.algorithm().element(), checksum.value());
      document.element("ChecksumType", checksum.type());
    }
  }

  /** The same with one bit of the content flipped, counted round the end. */
  StoredObject spoilt(long bit) {
    byte[] other = content.clone();
    other[(int) (bit / 8 % other.length)] ^= (byte) (1 << (bit & 7));
    return new StoredObject(other, tag, headers, checksum);
  }

  String storageClass() {
    return headers.getOrDefault(STORAGE_CLASS, "STANDARD");
  }
}
