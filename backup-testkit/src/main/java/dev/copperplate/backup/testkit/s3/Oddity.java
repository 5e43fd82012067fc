package dev.copperplate.backup.testkit.s3;

/** What some stores do differently from AWS, so that a preflight can be shown to notice it. */
public enum Oddity {
  /**
   * Conditions of a PUT and of the completion of an upload are ignored: it answers 200 and
   * overwrites. Measured on LocalS3 2.4.
   */
  IGNORES_CONDITIONS,
  /** Only the condition of a completion is ignored. Measured on Ceph 16.2.15. */
  IGNORES_CONDITIONS_OF_COMPLETION,
  /** {@code If-Match} of a PUT fails with the right tag, too. Measured on Ceph 16.2.15. */
  REFUSES_IF_MATCH,
  /**
   * A checksum by {@code x-amz-checksum-*} is neither compared nor kept; Content-MD5 is. Measured
   * on Ceph 16.2.15.
   */
  IGNORES_CHECKSUMS,
  /**
   * Bodies with a trailer, which are what the SDK sends unless told otherwise, are refused with 400
   * XAmzContentSHA256Mismatch. Measured on Ceph 16.2.15.
   */
  REFUSES_TRAILERS,
  /** Whatever has to do with versions is refused with 501. Measured on S3Proxy 4.1.0. */
  NO_VERSIONING,
  /** Versioning is switched on with 200, is said to be on, and nothing is kept. */
  FORGETS_VERSIONS,
  /** Whatever has to do with Object Lock is refused with 501. Measured on S3Proxy 4.1.0. */
  NO_LOCK,
  /** A locked version is deleted with 204. Measured on Adobe S3Mock 5.2.0. */
  DELETES_LOCKED
}
