package dev.copperplate.backup.s3;

/**
 * How the store is made to notice that what arrived is not what was sent. The engine compares what
 * it reads with hashes of its own, whatever the store does.
 */
public enum ChecksumMode {

  /**
   * A {@code Content-MD5} header, which every store that was tried checks. For Ceph, MinIO and
   * others.
   */
  CONTENT_MD5,

  /**
   * The SDK's own checksum, which trails the content. AWS checks and keeps it; older Ceph refuses
   * it, with {@code XAmzContentSHA256Mismatch}.
   */
  TRAILER
}
